package kaleyra

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// signal is a code, or a key of the error object, that says more than no.
type signal struct {
	code, key string
	says      string // the reason; "": the provider's own words are
	provider.Code
}

// signals are documented as codes; the keys were seen by a published client.
var signals = []signal{
	{"E13008", "", "E13008: the sender is refused: check from", senderRefused},
	{"E13009", "", "E13009: the number is refused", numberRefused},
	{"E413", "", "E413: a value holds HTML", provider.Code{Outcome: refused, Meaning: "a value or the text holds HTML, which Kaleyra refuses", Mend: "take signs as < and > out of the leg and of the file's values"}},
	{"", "from", "", senderRefused},
	{"", "to", "", numberRefused},
}

var (
	senderRefused = provider.Code{Outcome: wrongLane, Meaning: "Kaleyra refuses the sender", Mend: "check from of the account's channel: a registered number, with a plus", Run: provider.Wrong}
	numberRefused = provider.Code{Outcome: refused, Meaning: "Kaleyra refuses the number", Mend: "nothing, if it is a few; else see whether the numbers are of countries that the account may reach"}
)

// refusal is what the signal means for this attempt: a number that is none is wrong on
// every channel.
func (s signal) refusal(a campaign.Attempt) provider.Outcome {
	o := s.Outcome
	if s.code == "E13009" || s.key == "to" {
		if _, err := campaign.ParseDestination(a.To.E164(), ""); err != nil {
			o.Kind = provider.Invalid
		}
	}
	return o
}

// objection is where an answer says why not.
type objection struct {
	errorField json.RawMessage // an object of key to text, a string, or nothing
	message    string
	text       string // in which codes are looked for
}

// objectionOf takes an answer's body apart. Where the code stands in it is not documented,
// so that all of it counts but the field in which our own text would come back.
func objectionOf(body []byte) objection {
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil {
		return objection{text: string(body)}
	}
	delete(fields, "body")
	o := objection{errorField: fields["error"]}
	_ = json.Unmarshal(fields["message"], &o.message) // of another type it explains nothing
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		o.text += string(fields[name]) + "\n"
	}
	return o
}

func (o objection) empty() bool {
	return slices.Contains([]string{"", "null", "{}", "[]", `""`, "false"}, strings.Join(strings.Fields(string(o.errorField)), ""))
}

// refusal is what an objection in a 2xx means.
func (o objection) refusal(a campaign.Attempt, private []string) provider.Outcome {
	refused := provider.Outcome{Kind: provider.Refused}
	s, found := o.signal()
	if found {
		refused = s.refusal(a)
	}
	refused.Reason = s.says
	if refused.Reason == "" {
		refused.Reason = provider.Reason(o.words(), private...)
	}
	if refused.Reason == "" {
		refused.Reason = "the answer holds an error"
	}
	return refused
}

var codes = regexp.MustCompile(`\bE\d{3,6}\b`)

func (o objection) signal() (signal, bool) {
	found, keys := codes.FindAllString(o.text, -1), o.keys()
	for _, s := range signals {
		if _, there := keys[s.key]; there && s.key != "" || slices.Contains(found, s.code) {
			return s, true
		}
	}
	return signal{}, false
}

func (o objection) keys() map[string]json.RawMessage {
	var keys map[string]json.RawMessage
	if json.Unmarshal(o.errorField, &keys) != nil {
		return nil
	}
	return keys
}

// words is the explanation in one line.
func (o objection) words() string {
	var said string
	if json.Unmarshal(o.errorField, &said) == nil && said != "" {
		return said
	}
	keys := o.keys()
	parts := make([]string, 0, len(keys))
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		var text provider.Word
		_ = json.Unmarshal(keys[key], &text) // of another type it explains nothing
		parts = append(parts, strings.TrimSuffix(key+": "+string(text), ": "))
	}
	if len(parts) > 0 {
		return strings.Join(parts, "; ")
	}
	return o.message
}
