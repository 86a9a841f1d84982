package campaign

import "time"

// Draft is a campaign that is being prepared: nothing of it is in line, and its people are
// in nobody's books. Its file of recipients is kept beside it as it was uploaded.
type Draft struct {
	ID        string      `json:"draft"`
	Campaign  Campaign    `json:"campaign"`
	By        string      `json:"by"` // who changed it last
	ChangedAt time.Time   `json:"changed_at"`
	File      *DraftFile  `json:"file,omitempty"`
	Check     *DraftCheck `json:"check,omitempty"` // of the file; absent without one, and until it is done
	Revision  int64       `json:"-"`               // of campaign and file: another after each change
}

// DraftFile is a file of recipients, as it was uploaded.
type DraftFile struct {
	Name  string `json:"name"`  // as the browser told it; for people only
	Bytes int64  `json:"bytes"` // of the file
	Parts int    `json:"parts"` // in which it is kept
	Key   string `json:"key"`   // under which it is kept: another with each upload
}

// DraftCheck is what was found in a draft's file. Where the file was refused as a whole no
// row was judged, and only what the file looks like is known.
type DraftCheck struct {
	Validation
	Refused []string  `json:"refused,omitempty"` // why, one line for each mistake
	At      time.Time `json:"at"`                // when: times that pass later are judged anew at the import
}

// DraftTest is a message that was sent to try a draft.
type DraftTest struct {
	Campaign string    `json:"campaign"` // of its own: the draft's books do not know it
	Message  MessageID `json:"message"`
	Line     int       `json:"line"` // of the file, whose values it bears
}
