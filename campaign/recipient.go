package campaign

import "time"

// Row says where a recipient came from: a line of a file and a digest of what the
// row said. The same row again is "already there"; another row with the same person
// is a duplicate. The digest is of the row and not of the whole file, for a stream's
// digest is known only at its end, and a file that was mended elsewhere stays known.
type Row struct {
	Line   uint32
	Digest uint32
}

// Recipient is one accepted row.
type Recipient struct {
	Row       Row
	To        Destination
	Key       string    // the row's own key, where the campaign allows several messages to one person
	Due       time.Time // scheduledDate; zero: the campaign's start
	Variables Variables
	IfNew     *Reject  // refuses the row, unless its message is there already: its date has passed
	Fields    []string // the row as it was, for the rejects file, should the ledger reject it
}

// Variables are a person's values of the campaign's placeholders, by the names that
// the campaign uses. They are personal data: never print them.
type Variables map[string]string

// Reject is a row that was not accepted, and why.
type Reject struct {
	Line   int      // of the row's beginning, counted from 1
	Column string   // the header of the column at fault; "" when it is the whole row
	Reason Reason   // for machines
	Text   string   // for people; names what was expected, never the whole number
	Fields []string // the row as it was, for the rejects file
}

// Reason is why a row was rejected.
type Reason string

// The reasons for which a row is rejected.
const (
	InvalidNumber      Reason = "invalid_number"
	NoNumber           Reason = "no_number"
	Landline           Reason = "landline" // and the route has an SMS leg
	DuplicateRecipient Reason = "duplicate"
	SuppressedPerson   Reason = "suppressed"
	ReachedPerson      Reason = "reached" // by a campaign of exclude_reached
	MissingPlaceholder Reason = "missing_placeholder"
	PastDate           Reason = "past_date"
	InvalidDate        Reason = "invalid_date"
	TextTooLong        Reason = "text_too_long" // over the leg's max_parts
	RaggedRow          Reason = "ragged_row"    // more or fewer fields than the header
	UnreadableRow      Reason = "unreadable_row"
	CampaignSealed     Reason = "campaign_sealed" // a new person, after the campaign was started
	MissingKey         Reason = "missing_key"     // a standing campaign's row without its key
	TooManyNames       Reason = "too_many_names"  // of variables, in a campaign whose template takes every column

	// Of single messages only.
	UnexpectedKey     Reason = "unexpected_key"     // a key, in a campaign of one message to each person
	NoSuchCampaign    Reason = "no_campaign"        // or none of this id
	CancelledCampaign Reason = "campaign_cancelled" // which takes nobody any more
)

// ImportReport is the answer to an upload. Every row is in exactly one of the first
// four numbers.
type ImportReport struct {
	Accepted     int            `json:"accepted"`
	AlreadyThere int            `json:"already_there"`
	Rejected     int            `json:"rejected"`
	Blank        int            `json:"blank"`
	Reasons      map[Reason]int `json:"reasons"`
}
