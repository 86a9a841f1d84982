package campaign

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const objectCampaign = `
campaign: x
route:
  - {channel: sms, account: a, text: "Ciao {nome}, {codiceSconto}"}
recipients: {region: IT, columns: {destination: telefono}}
`

func readObjects(t *testing.T, text, campaign string) (*ObjectReader, []Recipient, []Reject, outcome) {
	t.Helper()
	r, err := NewObjectReader(strings.NewReader(text), parse(t, campaign), ReaderOptions{Now: told})
	if err != nil {
		t.Fatal(err)
	}
	o := outcome{rejected: map[Reason]int{}}
	var all []Recipient
	var rejects []Reject
	for {
		recipient, reject, err := r.Next()
		switch {
		case errors.Is(err, io.EOF):
			o.blank = r.Blank()
			return r, all, rejects, o
		case err != nil:
			t.Fatal(err)
		case reject != nil:
			rejects, o.rejected[reject.Reason] = append(rejects, *reject), o.rejected[reject.Reason]+1
		default:
			all, o.accepted = append(all, recipient), o.accepted+1
		}
	}
}

func TestObjectsAreRows(t *testing.T) {
	t.Parallel()
	const text = "\uFEFF" + `{"telefono": "340 1234567", "Nome": "Ada", "Codice Sconto": "X1", "città": "Roma"}
{"destination": 393401234568, "variables": {"nome": "Bob", "codiceSconto": "X2"}, "campaign": "x"}

{"telefono": "3401234569", "nome": "Eva"}
{"telefono": "3401234569", "nome": ["Eva"]}
{"telefono": "3401234569", "nome": "Eva", "NOME": "Eva"}
[1]
{"telefono": "34012345`
	r, all, rejects, o := readObjects(t, text, objectCampaign)
	want := []Recipient{
		{To: "+393401234567", Variables: Variables{"nome": "Ada", "codiceSconto": "X1"}},
		{To: "+393401234568", Variables: Variables{"nome": "Bob", "codiceSconto": "X2"}},
	}
	for i := range all {
		all[i].Row, all[i].Fields = Row{}, nil
	}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Errorf("the recipients differ: %s", diff)
	}
	if o.blank != 1 || o.rejected[MissingPlaceholder] != 1 || o.rejected[UnreadableRow] != 4 {
		t.Errorf("the outcome is %+v", o)
	}
	if got := rejects[0]; got.Line != 4 || got.Column != "codiceSconto" {
		t.Errorf("the first reject is %+v, want line 4 and its column", got)
	}
	if got, want := strings.Join(r.Header(), ","), "telefono,scheduledDate,nome,codiceSconto,città"; got != want {
		t.Errorf("the header is %s, want %s", got, want)
	}
}

// What takes every column gets names as they come, and the rest keep theirs.
func TestObjectsBringNames(t *testing.T) {
	t.Parallel()
	r, all, _, _ := readObjects(t, `{"destination": "+393401234567", "nome": "Ada"}
{"destination": "+393401234568", "variables": {"codice": "7"}}`, "campaign: x\nroute:\n  - {channel: whatsapp, account: a, template: {id: 1}}\n")
	if diff := cmp.Diff([]string{"nome", "codice"}, r.Names()); diff != "" {
		t.Errorf("the names differ: %s", diff)
	}
	if len(all) != 2 || all[1].Variables["codice"] != "7" {
		t.Errorf("the recipients are %+v", all)
	}
}

func TestTheOrderOfNamesDoesNotMakeAnotherRow(t *testing.T) {
	t.Parallel()
	_, all, _, _ := readObjects(t, `{"telefono": "3401234567", "nome": "Ada", "codiceSconto": "1"}
{"codiceSconto": "1", "nome": "Ada", "telefono": "3401234567"}
{"codiceSconto": "2", "nome": "Ada", "telefono": "3401234567"}`, objectCampaign)
	if all[0].Row.Digest != all[1].Row.Digest || all[0].Row.Digest == all[2].Row.Digest {
		t.Errorf("the digests are %x %x %x, want the first two alike", all[0].Row.Digest, all[1].Row.Digest, all[2].Row.Digest)
	}
}

func TestRefusedObjects(t *testing.T) {
	t.Parallel()
	for what, x := range map[string]struct{ text, want string }{
		"nothing":  {"", "recipients: the file is empty: want one object to a line"},
		"rubbish":  {strings.Repeat("rubbish\n", 20), "20 of the first 20 rows are bad (unreadable_row 20)"},
		"too long": {`{"telefono":"` + strings.Repeat("3", maxRecord) + `"}`, "recipients:1: the line is longer than 1 MiB"},
	} {
		_, err := NewObjectReader(strings.NewReader(x.text), parse(t, objectCampaign), ReaderOptions{})
		if file := (*FileError)(nil); !errors.As(err, &file) || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v, want %q", what, err, x.want)
		}
	}
	deep := `{"telefono":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + "}"
	if _, _, _, o := readObjects(t, deep, objectCampaign); o.rejected[UnreadableRow] != 1 {
		t.Errorf("a line nested 20000 deep: %+v", o)
	}
	var many strings.Builder
	for i := range maxColumns + 100 {
		fmt.Fprintf(&many, `{"telefono":"3401234567","nome":"a","codiceSconto":"b","n%d":"1"}`+"\n", i)
	}
	if r, _, _, o := readObjects(t, many.String(), objectCampaign); len(r.Header()) != maxColumns || o.rejected[UnreadableRow] == 0 {
		t.Errorf("%d names, %+v", len(r.Header()), o)
	}
}

func TestMessages(t *testing.T) {
	t.Parallel()
	list, err := ParseMessages([]byte(`{"messages": [
		{"campaign": "x", "destination": "+393401234567", "key": "o-1", "variables": {"nome": "Ada", "punti": 7}},
		{"campaign": "y", "destination": "3401234568", "scheduledDate": "2030-01-01T00:00:00Z"}]}`))
	want := []Message{
		{Campaign: "x", Destination: "+393401234567", Key: "o-1", Variables: Variables{"nome": "Ada", "punti": "7"}},
		{Campaign: "y", Destination: "3401234568", ScheduledDate: "2030-01-01T00:00:00Z"},
	}
	if diff := cmp.Diff(want, list); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	if list, err := ParseMessages([]byte(`{"campaign": "x", "destination": "+393401234567"}`)); err != nil || len(list) != 1 {
		t.Errorf("a single one: %v %v", list, err)
	}
	text, err := json.Marshal(MessagesBody{want})
	if err != nil {
		t.Fatal(err)
	}
	if again, err := ParseMessages(text); err != nil || cmp.Diff(want, again) != "" {
		t.Errorf("what is written is not read: %v", err)
	}
}

func TestAllMistakesInMessages(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		`{"messages": [{"destination": "1"}, {"campaign": "x", "destination": [], "to": "2", "variables": {"a": {}}}]}`: {
			"messages[0].campaign", "messages[1].destination", "messages[1].to", "messages[1].variables.a",
		},
		`{"messages": []}`:                          {"messages"},
		`{"campaign": "x", "+393401234567": "Ada"}`: {"+39********67"},
		`{"messages": [`:                            {""},
		`[]`:                                        {""},
		`{"messages": [` + strings.Repeat(`{"campaign":"x"},`, MaxMessages) + `{"campaign":"x"}]}`: {"messages"},
		strings.Repeat("[", 20_000): {""},
	} {
		_, err := ParseMessages([]byte(text))
		file := (*FileError)(nil)
		if !errors.As(err, &file) {
			t.Errorf("%.60s: %v", text, err)
			continue
		}
		var paths []string
		for _, p := range file.Problems {
			paths = append(paths, p.Path)
		}
		if diff := cmp.Diff(want, paths); diff != "" {
			t.Errorf("%.60s: %s", text, diff)
		}
	}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	file := parse(t, objectCampaign)
	standing := parse(t, strings.Replace(objectCampaign, "campaign: x", "campaign: x\nstanding: true", 1))
	values := Variables{"nome": "Ada", "codice_sconto": "1"}
	for _, x := range []struct {
		c      Campaign
		m      Message
		reason Reason
		column string
	}{
		{file, Message{Destination: "3401234567", Variables: values}, "", ""},
		{file, Message{Destination: "3401234567", Variables: values, Key: "1"}, UnexpectedKey, "key"},
		{file, Message{Variables: values}, NoNumber, "destination"},
		{file, Message{Destination: "12", Variables: values}, InvalidNumber, "destination"},
		{file, Message{Destination: "3401234567", Variables: Variables{"nome": "Ada"}}, MissingPlaceholder, "codiceSconto"},
		{standing, Message{Destination: "3401234567", Variables: values}, MissingKey, "key"},
		{standing, Message{Destination: "3401234567", Variables: values, Key: "o-1"}, "", ""},
		{standing, Message{Destination: "3401234567", Variables: values, Key: "o-1", ScheduledDate: "soon"}, InvalidDate, "scheduledDate"},
	} {
		to, reject := NewJudge(x.c, told).Recipient(x.m)
		switch {
		case reject == nil && (x.reason != "" || to.To != "+393401234567" || to.Key != x.m.Key || to.Variables["codiceSconto"] != "1"):
			t.Errorf("%+v: %+v, want %q", x.m, to, x.reason)
		case reject != nil && (reject.Reason != x.reason || reject.Column != x.column):
			t.Errorf("%+v: %+v, want %q in %q", x.m, reject, x.reason, x.column)
		}
	}
}
