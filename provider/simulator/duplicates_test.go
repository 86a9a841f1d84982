package simulator

import (
	"net/http"
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
)

// What each provider does about an id that it took before can be chosen.
func TestDuplicatesOnEveryLane(t *testing.T) {
	t.Parallel()
	all := append(callers, qlaraCaller)
	for _, x := range []struct {
		duplicates Duplicates
		yes        bool // the second answer
		sameIDs    bool // both answers name the same message
		taken      int
	}{
		{Refuses, false, false, 1},
		{Ignores, true, true, 1},
		{SendsTwice, true, false, 2},
	} {
		for _, c := range all {
			for _, ch := range c.channels {
				t.Run(string(x.duplicates)+" "+c.name+"."+ch.String(), func(t *testing.T) {
					t.Parallel()
					w := start(t, Options{Scenario: Scenario{Duplicates: x.duplicates}})
					first, again := w.by(c, c.order(ch, number("7777"), "m-1")), w.by(c, c.order(ch, number("7777"), "m-1"))
					if !c.accepted(ch, first) || c.accepted(ch, again) != x.yes {
						t.Errorf("answered %s, and again %d %s; want yes again: %t", first.Text, again.Status, again.Text, x.yes)
					}
					ownID := c.name == "qlara" || c.name == "infobip" // they answer with the caller's
					if same := theirID(c, first) == theirID(c, again); x.yes && !ownID && same != x.sameIDs {
						t.Errorf("answered %s, and again %s; want the same id: %t", first.Text, again.Text, x.sameIDs)
					}
					w.drain()
					taken := 0
					for _, r := range w.log() {
						if r.Taken {
							taken++
						}
					}
					if taken != x.taken {
						t.Errorf("taken %d times, want %d", taken, x.taken)
					}
				})
			}
		}
	}
}

// theirID is how the answer names the message.
func theirID(c caller, a answered) string {
	if c.name == "kaleyra" {
		return word(a.JSON, "data", "message_id")
	}
	return string(a.Text)
}

var qlaraCaller = caller{
	name: "qlara", channels: campaign.Channels(),
	sign:     func(*http.Request) {}, // the harness does
	order:    func(ch campaign.Channel, to, id string) parcel { return parcel{path(ch), jsonMedia, order(ch, to, id)} },
	accepted: func(ch campaign.Channel, a answered) bool { return a.accepted(ch) },
}
