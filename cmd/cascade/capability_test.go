package main

import (
	"fmt"
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
)

// TestWhoHasNoRCSGetsTheSMS asks Infobip before each RCS, every magic number among the
// people: who is told not to have it gets no request there.
func TestWhoHasNoRCSGetsTheSMS(t *testing.T) {
	t.Parallel()
	r := newRig(t, quick)
	people, numbers := crowd()
	file := r.file("ask.yaml", fmt.Sprintf(`campaign: ask
route:
  - {channel: rcs, account: infobip, wait: 2s, capability: check, %s}
  - {channel: sms, account: infobip, wait: 2s, %s}
recipients: {columns: {destination: telefono}}
`, legs["infobip"]["rcs"], legs["infobip"]["sms"]))
	sum := r.run(file, r.file("people.csv", people), 0)
	if got, want := sum.Legs[0].Sent, len(numbers)-2; got != want { // 0003 and 0013
		t.Errorf("%d were sent an RCS, want %d", got, want)
	}
	r.serving(func(base string) {
		for number, line := range r.export(base, "ask") {
			want := ""
			switch tail := number[len(number)-4:]; tail {
			case "0003":
				want = "delivered rcs refused, sms delivered"
			case "0013":
				want = "failed rcs refused, sms undelivered"
			case "0004": // UNKNOWN_CODE: it was sent as usual
				want = "unconfirmed rcs timed_out, sms timed_out"
			default:
				continue
			}
			if got := line.Phase + " " + line.story(); got != want {
				t.Errorf("%s: %s, want %s", number[len(number)-4:], got, want)
			}
		}
	})
	r.lawful(numbers)
	for number, seen := range r.requests() {
		tail := number[len(number)-4:]
		for _, rec := range seen {
			if rec.Channel == campaign.RCS && (tail == "0003" || tail == "0013") {
				t.Errorf("%s was sent an RCS", tail)
			}
		}
	}
}
