package fallback

import (
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

func TestNewsOf(t *testing.T) {
	t.Parallel()
	at := time.UnixMilli(1_800_000_000_000).UTC()
	reported := at.Add(time.Minute)
	state := func(p Phase, leg, try uint8, marks Marks) State {
		return State{Phase: p, Leg: leg, Try: try, Marks: marks}
	}
	for name, x := range map[string]struct {
		was, is State
		want    News // Kind 0: none
	}{
		"a turn":                {state(Scheduled, 0, 0, 0), state(Queued, 0, 0, 0), News{}},
		"a claim":               {state(Queued, 0, 0, 0), state(Sending, 0, 0, 0), News{}},
		"back to the line":      {state(Sending, 1, 0, 0), state(Scheduled, 1, 0, 0), News{}},
		"delivered":             {state(Waiting, 0, 0, 0), state(Delivered, 0, 0, 0), News{Kind: NewsClosed, Phase: Delivered, At: at}},
		"delivered and read":    {state(Unknown, 1, 2, 0), state(Delivered, 1, 2, Read), News{Kind: NewsClosed, Phase: Delivered, Leg: 1, Try: 2, At: at}},
		"cancelled in line":     {state(Scheduled, 0, 0, 0), state(Cancelled, 0, 0, 0), News{Kind: NewsClosed, Phase: Cancelled, At: at}},
		"the next leg":          {state(Waiting, 0, 0, 0), state(Scheduled, 1, 0, 0), News{Kind: NewsEscalated, Phase: Scheduled, Leg: 0, Next: 1, At: reported}},
		"the last of two":       {state(Waiting, 0, 1, 0), state(Scheduled, 2, 1, 0), News{Kind: NewsEscalated, Phase: Scheduled, Leg: 0, Next: 2, Try: 1, At: reported}},
		"back after all":        {state(Queued, 1, 0, 0), state(Delivered, 0, 0, 0), News{Kind: NewsClosed, Phase: Delivered, At: at}},
		"late":                  {state(Failed, 1, 0, 0), state(Failed, 1, 0, Late), News{Kind: NewsLate, Phase: Failed, Leg: 1, At: reported}},
		"late, and then read":   {state(Failed, 1, 0, Late), state(Failed, 1, 0, Late|Read), News{}},
		"read after the close":  {state(Delivered, 0, 0, 0), state(Delivered, 0, 0, Read), News{}},
		"a retry":               {state(Failed, 2, 0, 0), state(Scheduled, 0, 1, 0), News{}},
		"of somebody erased":    {state(Waiting, 0, 0, Erased), state(Suppressed, 0, 0, Erased), News{}},
		"an erasure":            {state(Delivered, 0, 0, 0), state(Delivered, 0, 0, Erased), News{}},
		"an erasure that ended": {state(Waiting, 0, 0, 0), state(Suppressed, 0, 0, Erased), News{}},
	} {
		id := campaign.MessageID{1, 2, 3}
		before := &Record{ID: id, State: x.was}
		after := &Record{ID: id, State: x.is, Time: at.Add(-time.Hour), History: []Attempt{{Claimed: at.Add(-time.Minute), Reported: reported}}}
		if !x.is.Phase.Open() {
			after.Closed = at
		}
		if x.want.Kind != 0 {
			x.want.Message = id
		}
		got, told := NewsOf(before, after)
		if got != x.want || told != (x.want.Kind != 0) {
			t.Errorf("%s: told %v %+v, want %+v", name, told, got, x.want)
		}
	}
}

func TestNewsHasOneID(t *testing.T) {
	t.Parallel()
	at, seen := time.UnixMilli(1_800_000_000_000), map[string]News{}
	id := campaign.IDKey{}.Message("spring", "+393400000001", "")
	for kind := NewsClosed; kind.Known(); kind++ {
		for leg := range uint8(campaign.MaxLegs) {
			for try := range uint8(3) {
				for day := range 2 { // a message of the same id, after the first was forgotten
					n := News{Message: id, Kind: kind, Leg: leg, Try: try, At: at.AddDate(0, 0, day)}
					if other, twice := seen[n.ID()]; twice {
						t.Errorf("%+v and %+v are both %s", n, other, n.ID())
					}
					seen[n.ID()] = n
					n.At, n.Next = n.At.Add(999*time.Microsecond), 7 // as it was before it was written
					if _, same := seen[n.ID()]; !same {
						t.Errorf("the id of %+v is not that of the same news", n)
					}
				}
			}
		}
	}
}
