package campaign

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// MostExamples is how many rejects of each reason a Validation shows.
const MostExamples = 5

// Validation is what was found in a file of recipients, every row judged as an import into
// a new campaign would. People who opted out are known to the ledger alone.
type Validation struct {
	Accepted   int            `json:"accepted"`
	Rejected   int            `json:"rejected"`
	Blank      int            `json:"blank"`
	Reasons    map[Reason]int `json:"reasons"`
	Examples   []RejectedRow  `json:"examples"` // the first of each reason
	File       *Facts         `json:"file,omitempty"`
	LongestSMS *LongestSMS    `json:"longest_sms,omitempty"`
	Pace       []LegPace      `json:"pace,omitempty"`
	Sample     []SampleRow    `json:"sample,omitempty"` // the first accepted rows, as they would be sent
}

// NewValidation is one that has found nothing.
func NewValidation() Validation {
	return Validation{Reasons: map[Reason]int{}, Examples: []RejectedRow{}}
}

// RejectedRow is a row that was not taken, without what it said.
type RejectedRow struct {
	Line   int    `json:"line"`
	Column string `json:"column,omitempty"`
	Reason Reason `json:"reason"`
	Text   string `json:"text"`
}

func (r RejectedRow) String() string {
	if r.Column == "" {
		return fmt.Sprintf("line %d: %s", r.Line, r.Text)
	}
	return fmt.Sprintf("line %d, %s: %s", r.Line, r.Column, r.Text)
}

// ValidateOptions are what Validate may be told. The zero value works.
type ValidateOptions struct {
	Reader   ReaderOptions
	Sample   int                // of how many accepted rows to show what would be sent
	Begun    func(Facts) error  // is told of the file before its first row; may be nil
	Rejected func(Reject) error // is told of every reject; may be nil
}

// Validate judges every row of a CSV. It streams: of each row it keeps the person's id, to
// know them again. A file that is refused as a whole is a *FileError.
func Validate(source io.Reader, c Campaign, o ValidateOptions) (Validation, error) {
	v := &validating{Validation: NewValidation(), campaign: c, options: o, lines: map[uint64]uint32{}}
	rows, err := NewReader(source, c, o.Reader)
	if err != nil {
		return v.Validation, err
	}
	if o.Begun != nil {
		if err := o.Begun(rows.Facts()); err != nil {
			return v.Validation, err
		}
	}
	for {
		r, reject, err := rows.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = v.judge(r, reject)
		}
		if err != nil {
			return v.Validation, err
		}
	}
	v.Blank = rows.Blank()
	facts := rows.Facts()
	v.File = &facts
	return v.Validation, nil
}

// validating is a validation at work.
type validating struct {
	Validation
	campaign Campaign
	options  ValidateOptions
	// lines are where each person first stands, by 62 bits of a hash of theirs: two of a
	// million clash once in ten million files, and it is only a look.
	lines map[uint64]uint32
}

func (v *validating) judge(r Recipient, reject *Reject) error {
	if reject == nil {
		reject = v.refuse(r)
	}
	if reject != nil {
		return v.reject(*reject)
	}
	v.Accepted++
	if err := v.measure(r); err != nil {
		return err
	}
	if len(v.Sample) < v.options.Sample {
		row, err := v.campaign.Show(r)
		if err != nil {
			return fmt.Errorf("line %d: %w", r.Row.Line, err)
		}
		v.Sample = append(v.Sample, row)
	}
	return nil
}

// refuse finds a person who is in the file already, and a time that has passed. Which
// key the ids are computed with does not matter here.
func (v *validating) refuse(r Recipient) *Reject {
	id := IDKey{}.Message(v.campaign.ID, r.To, r.Key)
	person := binary.BigEndian.Uint64(id[8:])
	if first, twice := v.lines[person]; twice {
		return &Reject{Line: int(r.Row.Line), Reason: DuplicateRecipient, Text: fmt.Sprintf("duplicate of line %d", first), Fields: r.Fields}
	}
	if r.IfNew == nil {
		v.lines[person] = r.Row.Line
	}
	return r.IfNew
}

func (v *validating) reject(r Reject) error {
	v.Rejected++
	v.Reasons[r.Reason]++
	if v.Reasons[r.Reason] <= MostExamples {
		v.Examples = append(v.Examples, RejectedRow{r.Line, r.Column, r.Reason, r.Text})
	}
	if v.options.Rejected == nil {
		return nil
	}
	return v.options.Rejected(r)
}
