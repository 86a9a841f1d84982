package providertest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/seed-438792ba/cascade/campaign"
)

var (
	digits = regexp.MustCompile(`\d{5,}`)
	number = regexp.MustCompile(`^\+[1-9]\d{7,14}$`)
)

// CheckReceipts says what no callback may lead an adapter to, whatever is in it; it is
// for fuzz tests as well.
func CheckReceipts(receipts []campaign.Receipt, unreadable error) error {
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if unreadable != nil && digits.MatchString(unreadable.Error()) {
		wrong("the error quotes the callback: %q", unreadable)
	}
	for _, r := range receipts {
		if r.Kind > campaign.ReceiptInbound {
			wrong("kind %d does not exist", r.Kind)
		}
		if utf8.RuneCountInString(r.Reason) > 80 || !utf8.ValidString(r.Reason) || digits.MatchString(r.Reason) {
			wrong("the reason %q is too long, no text, or shows a number", r.Reason)
		}
		if utf8.RuneCountInString(r.Text) > 4096 || !utf8.ValidString(r.Text) {
			wrong("the text is too long or no text")
		}
		if len(r.ProviderID) > 256 || !utf8.ValidString(r.ProviderID) {
			wrong("the id %q is too long or no text", r.ProviderID)
		}
		if r.Part < 0 || r.Part > r.Parts {
			wrong("part %d of %d", r.Part, r.Parts)
		}
		if inbound := r.Kind == campaign.ReceiptInbound; inbound != number.MatchString(r.From.E164()) {
			wrong("a receipt of kind %s is from %s", r.Kind, r.From)
		}
		if r.Kind != campaign.ReceiptInbound && r.ProviderID == "" && r.Attempt == (campaign.AttemptID{}) {
			wrong("a receipt of kind %s is about nothing", r.Kind)
		}
		if _, err := r.At.MarshalJSON(); err != nil {
			wrong("a receipt of %v cannot be kept: %w", r.At, err)
		}
		if r.Account != "" {
			wrong("the adapter set the account")
		}
	}
	return errors.Join(errs...)
}

// hostile bends every documented JSON callback in every way.
func (k Kit) hostile(t *testing.T) {
	a := k.adapter(t, "http://127.0.0.1:1")
	for _, c := range k.Callbacks {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			for what, body := range c.unreadable() {
				receipts, _, err := a.Receipts(c.request(body))
				if err == nil {
					t.Errorf("%s: no error", what)
				}
				if err := CheckReceipts(receipts, err); err != nil {
					t.Errorf("%s: %v", what, err)
				}
			}
			for what, body := range c.bent() {
				receipts, _, err := a.Receipts(c.request(body))
				if err := CheckReceipts(receipts, err); err != nil {
					t.Errorf("%s: %v", what, err)
				}
			}
			if c.Method == http.MethodGet {
				return
			}
			other := c
			other.ContentType = "text/csv"
			if _, _, err := a.Receipts(other.request(c.Body)); err == nil {
				t.Error("a content type that nobody documented is read")
			}
		})
	}
}

// json says whether the callback is a JSON object, which can be bent.
func (c Callback) json() (map[string]json.RawMessage, bool) {
	var fields map[string]json.RawMessage
	return fields, json.Unmarshal(c.Body, &fields) == nil
}

// unreadable are bodies that must be refused.
func (c Callback) unreadable() map[string][]byte {
	bodies := map[string][]byte{
		"empty": {},
		"huge":  append(bytes.Clone(c.Body), bytes.Repeat([]byte(" "), 2<<20)...),
	}
	fields, ok := c.json()
	if !ok {
		return bodies
	}
	bodies["deep"] = append(bytes.Repeat([]byte("["), 100_000), bytes.Repeat([]byte("]"), 100_000)...)
	bodies["wide"] = []byte("[" + strings.Repeat("1,", 100_000) + "1]")
	bodies["two"] = append(bytes.Clone(c.Body), c.Body...)
	whole := bytes.TrimSpace(c.Body)
	for n := 0; n < len(whole); n += 7 {
		bodies[fmt.Sprintf("cut at %d", n)] = whole[:n]
	}
	for name, value := range fields {
		again := fmt.Sprintf("{%q: %s, ", strings.ToUpper(name), value)
		bodies["twice "+name] = append([]byte(again), whole[1:]...)
	}
	return bodies
}

// bent are bodies of which anything may be made, but nothing dishonest.
func (c Callback) bent() map[string][]byte {
	bodies := map[string][]byte{"null": []byte("null"), "nothing": []byte("{}"), "no one": []byte("[]")}
	fields, _ := c.json()
	values := []string{
		"null", "true", "{}", "[]", `""`, "-1", "1e400", "99999999999999999999999", `{"a":[{"b":1}]}`, "[1,2,3]",
		`"393401234567"`, `"+39 340 123 4567"`, "\"\xff\xfe\"", `"\ud800"`, `"\u0000"`, `"` + strings.Repeat("é", 10_000) + `"`,
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		old := fields[name]
		for _, value := range values {
			fields[name] = json.RawMessage(value)
			bodies[fmt.Sprintf("%s = %.30s", name, value)] = object(fields)
		}
		delete(fields, name)
		bodies["no "+name] = object(fields)
		fields[name] = old
	}
	return bodies
}

// object writes the fields as they are, valid or not.
func object(fields map[string]json.RawMessage) []byte {
	var b bytes.Buffer
	b.WriteByte('{')
	for name, value := range fields {
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%q:%s", name, value)
	}
	b.WriteByte('}')
	return b.Bytes()
}
