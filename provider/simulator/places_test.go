package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// unseen are the places of requests into which no rule looks, for what belongs there is
// published by nobody or peculiar to a country, and why each is there.
var unseen = []string{
	"components.0.parameters.0", // WAB: Meta's own media
	"components.1.parameters",   // and what else Meta's parameters may hold
}

// TestEveryPlaceIsHeldToItsShape takes the documented requests apart: a value of another
// type, a member that nobody documented, or a member that must be there and is not, at
// any place, is against the contract, and answered as one.
func TestEveryPlaceIsHeldToItsShape(t *testing.T) {
	t.Parallel()
	tried := 0
	for _, x := range []struct {
		caller caller
		path   string
		files  []string
		needed []string // members that must be there, by their last name
	}{
		{qlaraCaller, path(wa), []string{"whatsapp-send-template-request", "whatsapp-send-document-request", "whatsapp-send-provider-fallback-request"}, []string{"destination", "phoneNumberId", "fallbackSms"}},
		{qlaraCaller, path(rcs), []string{"rcs-send-template-request", "rcs-send-text-request"}, []string{"destination", "agentId"}},
		{qlaraCaller, path(sms), []string{"sms-send-request"}, []string{"destination", "sender", "body"}},
		{infobipCaller, infobipPaths["whatsapp-template"], []string{"whatsapp-template-request", "whatsapp-template-tracked-url-request"}, []string{"messages", "from", "to", "content", "templateName", "language", "templateData", "placeholders"}},
		{infobipCaller, infobipPaths["whatsapp-text"], []string{"whatsapp-text-request"}, []string{"from", "to", "content", "text"}},
		{infobipCaller, infobipPaths["sms"], []string{"sms-request"}, []string{"messages", "sender", "destinations", "to", "content", "text"}},
		{infobipCaller, infobipPaths["rcs"], []string{"rcs-text-request"}, []string{"messages", "sender", "destinations", "to", "content", "type", "text"}},
		{kaleyraCaller, "/v1/HX/messages", []string{"whatsapp-text-request", "whatsapp-template-request", "whatsapp-sandbox-template-request"}, []string{"to", "from", "type", "channel"}},
		{kaleyraCaller, "/v1/HX/sms", []string{"sms-request"}, []string{"to", "sender", "type", "body"}},
		{kaleyraCaller, "/v1/HX/rcs/messages", []string{"rcs-text-request"}, []string{"from", "to", "text"}},
		{wabCaller, "/rest/wab/v1/messages", []string{"send-text-request", "send-template-request"}, []string{"destination", "source", "type", "text", "name", "language", "code"}},
		{wabCaller, "/rest/gateway/messages", []string{"sms-v1-send-request"}, []string{"destination", "content"}},
	} {
		w := start(t, Options{})
		for _, file := range x.files {
			form, root := documentedRequest(t, x.caller.name, file)
			send := func(o any) answered {
				if !form {
					return w.by(x.caller, jsonParcel(x.path, o))
				}
				values := url.Values{}
				for name, v := range o.(map[string]any) {
					values.Set(name, fmt.Sprint(v))
				}
				return w.by(x.caller, parcel{x.path, formMedia, []byte(values.Encode())})
			}
			if a := send(root); a.Status/100 != 2 {
				t.Fatalf("%s %s: %d %s, as it is documented", x.caller.name, file, a.Status, a.Text)
			}
			wrong := func(what, at string) {
				tried++
				if a := send(root); a.Status != 400 && a.Status != 422 {
					t.Errorf("%s %s: %d with %s at %s, want it refused", x.caller.name, file, a.Status, what, at)
				}
			}
			eachPlace(root, "", func(at string, set func(any), restore func()) {
				if slices.ContainsFunc(unseen, func(u string) bool { return strings.Contains(at, u) }) && x.caller.name == "wab" {
					return
				}
				for what, value := range otherTypes(form) {
					set(value)
					wrong(what, at)
					restore()
				}
				if slices.Contains(x.needed, lastOf(at)) {
					set(nil)
					wrong("nothing", at)
					restore()
				}
			}, func(at string, object map[string]any) {
				if lastOf(at) == "placeholders" || strings.Contains(at, "parameters") { // any name will do
					return
				}
				object["noSuchField"] = "x"
				wrong("an unknown member", at)
				delete(object, "noSuchField")
			})
		}
	}
	if tried < 300 {
		t.Errorf("only %d places were tried", tried)
	}
}

// otherTypes are values that no place of a JSON request is documented to have. In a form
// everything is a text.
func otherTypes(form bool) map[string]any {
	if form {
		return nil
	}
	return map[string]any{"a list of lists": []any{[]any{}}, "an object in a list": []any{map[string]any{"noSuchField": 1}}, "an unknown object": map[string]any{"no such": []any{}}}
}

func lastOf(at string) string { return at[strings.LastIndexByte(at, '.')+1:] }

// dots stand for digits in the examples.
var dots = regexp.MustCompile(`X{5,}`)

// documentedRequest is the example, its form without an envelope, with digits for dots.
func documentedRequest(t *testing.T, provider, file string) (form bool, fields map[string]any) {
	t.Helper()
	text, err := os.ReadFile("testdata/" + provider + "/" + file + ".json")
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.ReplaceAll(text, []byte(`"XXXXXXXXXXXX"`), []byte(`"+393401237777"`))
	text = dots.ReplaceAll(text, []byte("7777777"))
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&fields); err != nil {
		t.Fatal(err)
	}
	if inner, envelope := fields["form"].(map[string]any); envelope {
		return true, inner
	}
	return false, fields
}

// eachPlace calls value with every value in the JSON, and object with every object. A
// value is set, or taken away with nil, until it is restored.
func eachPlace(v any, at string, value func(at string, set func(any), restore func()), object func(at string, o map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		object(at, v)
		for _, name := range slices.Sorted(maps.Keys(v)) {
			old := v[name]
			value(at+"."+name, func(x any) {
				if v[name] = x; x == nil {
					delete(v, name)
				}
			}, func() { v[name] = old })
			eachPlace(old, at+"."+name, value, object)
		}
	case []any:
		for i, old := range v {
			eachPlace(old, fmt.Sprintf("%s.%d", at, i), value, object)
		}
	}
}
