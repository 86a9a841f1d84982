package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/provider/simulator"
)

const answer = `campaign: answer
route:
  - {channel: whatsapp, account: qlara, wait: 20s, text: "Grazie, come promesso"}
  - {channel: sms, account: qlara, wait: 20s, text: "Grazie"}
recipients: {region: IT, columns: {destination: telefono}}
`

// Who wrote over WhatsApp is answered there, in free form; who did not gets the SMS; who
// wrote STOP gets nothing.
func TestAReplyIsAnsweredOverWhatsApp(t *testing.T) {
	t.Parallel()
	const wrote, silent, stopped = "+393471001201", "+393471001202", "+393471001203"
	r := newRig(t, simulator.Scenario{})
	r.serving(func(base string) {
		post := func(path, contentType, body string) {
			t.Helper()
			got, err := http.Post(base+path, contentType, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			if got.Body.Close(); got.StatusCode >= 300 {
				t.Fatalf("%s: %s", path, got.Status)
			}
		}
		for from, text := range map[string]string{wrote: "Va bene", stopped: "Basta!"} {
			post("/callbacks/qlara/"+rigSecret, "application/json", fmt.Sprintf(
				`{"channel":"WHATSAPP","eventType":"INBOUND","messageId":"w-%s","source":"%s","destination":"+393209998877","receivedDate":"%s","messageType":"TEXT","text":"%s"}`,
				from[1:], from, time.Now().UTC().Format(time.RFC3339), text))
		}
		post("/v1/campaigns", "application/yaml", answer)
		post("/v1/campaigns/answer/recipients", "text/csv", "telefono\n"+wrote+"\n"+silent+"\n"+stopped+"\n")
		post("/v1/campaigns/answer/start", "application/json", "")
		deadline := time.After(20 * time.Second)
		for {
			lines := r.export(base, "answer")
			if lines[wrote].Phase == "delivered" && lines[silent].Phase == "delivered" {
				if got, want := lines[wrote].story(), "whatsapp delivered"; got != want {
					t.Errorf("who wrote: %s, want %s", got, want)
				}
				if got, want := lines[silent].story(), "whatsapp refused, sms delivered"; got != want {
					t.Errorf("who did not: %s, want %s", got, want)
				}
				if _, there := lines[stopped]; there {
					t.Errorf("who wrote STOP has a message: %+v", lines[stopped])
				}
				break
			}
			select {
			case <-deadline:
				t.Fatalf("not everybody is reached: %+v", lines)
			case <-time.After(50 * time.Millisecond): // look again
			}
		}
	})
	for to, want := range map[string]string{wrote: "whatsapp taken_as_new", silent: "sms taken_as_new", stopped: ""} {
		if got := told(r.requests()[to]); got != want {
			t.Errorf("the provider saw %q for %s, want %q", got, to, want)
		}
	}
}
