package campaign

import (
	"fmt"
	"time"
)

// SampleRow is one person's row as it would be sent. It is personal data.
type SampleRow struct {
	Line        int         `json:"line"`
	Destination string      `json:"destination"`
	Scheduled   *time.Time  `json:"scheduled_at,omitempty"` // absent: the campaign's start
	Legs        []SampleLeg `json:"legs"`
}

// SampleLeg is what a leg would say to this person.
type SampleLeg struct {
	Channel  Channel   `json:"channel"`
	Account  string    `json:"account"`
	Template string    `json:"template,omitempty"` // its id or name
	Text     string    `json:"text,omitempty"`
	Values   Variables `json:"values,omitempty"` // of the template's placeholders
	Encoding string    `json:"encoding,omitempty"`
	Parts    int       `json:"parts,omitempty"` // of an SMS
}

// Show renders what each leg would say to a person.
func (c Campaign) Show(r Recipient) (SampleRow, error) {
	row := SampleRow{Line: int(r.Row.Line), Destination: r.To.E164()}
	if !r.Due.IsZero() {
		row.Scheduled = &r.Due
	}
	for _, leg := range c.Route.Links() {
		content, err := leg.Content.Fill(r.Variables)
		if err != nil {
			return row, err
		}
		values, err := leg.TemplateVariables(r.Variables)
		if err != nil {
			return row, err
		}
		l := SampleLeg{Channel: leg.Channel, Account: leg.Account, Text: content.Text, Values: values}
		if t := content.Template; t != nil && t.ID != 0 {
			l.Template = fmt.Sprint(t.ID)
		} else if t != nil {
			l.Template = t.Name
		}
		for i, p := range templateParameters(content.Template) { // beside them there are none by name
			if i == 0 {
				l.Values = Variables{}
			}
			l.Values[fmt.Sprint(i+1)] = p
		}
		if leg.Channel == SMS {
			encoding, _, parts, _ := Segments(content.Text)
			l.Encoding, l.Parts = encoding.String(), parts
		}
		row.Legs = append(row.Legs, l)
	}
	return row, nil
}

func templateParameters(t *Template) []string {
	if t == nil {
		return nil
	}
	return t.Parameters
}
