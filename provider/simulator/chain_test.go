package simulator

import (
	"encoding/json"
	"slices"
	"testing"
)

// What is told of a message whose fallback the provider runs, in one request.
func TestAChainIsPlayed(t *testing.T) {
	t.Parallel()
	for tail, want := range map[string][]string{
		"7777": {"WHATSAPP delivered"},
		"0002": {"WHATSAPP undeliverable", "RCS delivered"},
		"0003": {"WHATSAPP undeliverable", "RCS undeliverable", "SMS delivered"},
		"0004": {},
		"0005": {"WHATSAPP delivered", "RCS delivered"},
		"0013": {"WHATSAPP undeliverable", "RCS undeliverable", "SMS undeliverable"},
	} {
		w := start(t, Options{})
		request := with(example(t, "whatsapp-send-provider-fallback-request"), "destination", number(tail))
		body, err := json.Marshal(request)
		if err != nil {
			t.Fatal(err)
		}
		a := w.must("POST", "/message-server/whatsapp/send", body)
		for _, ch := range []struct {
			name string
			yes  bool
		}{{"whatsapp", a.accepted(wa)}, {"rcs", a.accepted(rcs)}, {"sms", a.accepted(sms)}} {
			if !ch.yes {
				t.Errorf("%s: %s is not accepted: %v", tail, ch.name, a.JSON)
			}
		}
		w.drain()
		got := []string{}
		for _, c := range w.receiver.all() {
			got = append(got, c.JSON["channel"].(string)+" "+c.short())
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: told %q, want %q", tail, got, want)
		}
		if n := len(w.log()); n != 1 {
			t.Errorf("%s: %d requests in the log, want one", tail, n)
		}
	}
}
