package scheduler_test

import (
	"context"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/scheduler"
	"github.com/seed-438792ba/cascade/store"
	"github.com/seed-438792ba/cascade/store/redistest"
)

// desk is a scheduler over a real ledger, with queues in memory.
type desk struct {
	*scheduler.Scheduler
	t      *testing.T
	store  *store.Store
	client redis.UniversalClient
	door   *fallback.Door
	jobs   []fallback.Job
	depth  int
	wait   map[campaign.Number]time.Duration
}

var lane = campaign.Lane{Account: "a", Channel: campaign.WhatsApp}

func newDesk(t *testing.T, client redis.UniversalClient, ahead int) *desk {
	t.Helper()
	s, err := store.New(t.Context(), store.Options{Client: client})
	must(t, err)
	d := &desk{t: t, store: s, client: client, wait: map[campaign.Number]time.Duration{}}
	d.door = &fallback.Door{Ledger: s, Book: s, Queue: d}
	d.Scheduler = scheduler.New(scheduler.Options{
		Name: "one", Ledger: s, Door: d.door, Lanes: []scheduler.Lane{{Lane: lane, Ahead: ahead}, {Lane: campaign.Lane{Account: "a", Channel: campaign.SMS}, Ahead: ahead}},
		Depths: func(_ context.Context, lanes []campaign.Lane) ([]int, error) {
			return slices.Repeat([]int{d.depth}, len(lanes)), nil
		},
		Wait: func(_ context.Context, turns []scheduler.Turn) ([]time.Duration, error) {
			waits := make([]time.Duration, len(turns))
			for i, turn := range turns {
				waits[i] = d.wait[turn.Campaign]
			}
			return waits, nil
		},
	})
	return d
}

func (d *desk) Enqueue(_ context.Context, jobs []fallback.Job) error {
	d.jobs = append(d.jobs, jobs...)
	return nil
}

// campaign makes one with n people, and starts it.
func (d *desk) campaign(id string, n int) campaign.Number {
	d.t.Helper()
	ctx := d.t.Context()
	c, err := campaign.ParseFile("test.yaml", []byte("campaign: "+id+`
route:
  - {channel: whatsapp, account: a, wait: 30m, template: {id: 1, placeholders: []}}
  - {channel: sms, account: a, wait: 1h, text: "Ciao"}
`), nil)
	must(d.t, err)
	made, err := d.store.Create(ctx, c)
	must(d.t, err)
	_, err = d.store.Import(ctx, id, &rows{n: n}, store.Watcher{})
	must(d.t, err)
	must(d.t, d.store.Start(ctx, id, "test"))
	return made.Number
}

func (d *desk) round() bool {
	d.t.Helper()
	more, err := d.Round(d.t.Context())
	must(d.t, err)
	return more
}

// queued is how many jobs each campaign has.
func (d *desk) queued() map[campaign.Number]int {
	n := map[campaign.Number]int{}
	for _, j := range d.jobs {
		n[j.Attempt.Message().Number()]++
	}
	return n
}

func (d *desk) counts(n campaign.Number) fallback.Counts {
	d.t.Helper()
	counts, _, err := d.store.Counts(d.t.Context(), n)
	must(d.t, err)
	return counts
}

// until waits for so many messages of a campaign to be in a phase.
func (d *desk) until(n campaign.Number, p fallback.Phase, want int) {
	d.t.Helper()
	deadline := time.After(10 * time.Second)
	for d.counts(n).Phase(p) != want {
		select {
		case <-deadline:
			d.t.Fatalf("want %d %s, got %v", want, p, d.counts(n))
		case <-time.After(time.Millisecond): // look again
		}
	}
}

type rows struct{ n, at int }

func (r *rows) Header() []string { return nil }
func (r *rows) Names() []string  { return nil }
func (r *rows) Blank() int       { return 0 }
func (r *rows) Next() (campaign.Recipient, *campaign.Reject, error) {
	if r.at == r.n {
		return campaign.Recipient{}, nil, io.EOF
	}
	r.at++
	return campaign.Recipient{Row: campaign.Row{Line: uint32(r.at)}, To: campaign.Destination(fmt.Sprintf("+39340%07d", r.at))}, nil, nil
}

func each(t *testing.T, run func(*testing.T, redis.UniversalClient)) { redistest.Each(t, run) }

func TestALaneIsFedAsFarAsItHasRoom(t *testing.T) {
	each(t, func(t *testing.T, client redis.UniversalClient) {
		d := newDesk(t, client, 100)
		n := d.campaign("spring", 250)
		d.depth = 40
		if more := d.round(); !more || len(d.jobs) != 60 {
			t.Errorf("with 40 of 100 on the queue: %d jobs (more: %t), want 60 and more", len(d.jobs), more)
		}
		d.depth = 100
		d.round()
		if len(d.jobs) != 60 {
			t.Errorf("a full queue got %d more jobs", len(d.jobs)-60)
		}
		d.depth = 0
		for d.round() {
		}
		if got := d.counts(n).Phase(fallback.Queued); len(d.jobs) != 250 || got != 250 {
			t.Errorf("%d jobs and %d queued messages, want 250 of both", len(d.jobs), got)
		}
	})
}

func TestCampaignsTakeTurns(t *testing.T) {
	each(t, func(t *testing.T, client redis.UniversalClient) {
		d := newDesk(t, client, 90)
		big, small := d.campaign("big", 1000), d.campaign("small", 20)
		third := d.campaign("third", 1000)
		d.round()
		got := d.queued()
		if got[small] != 20 || got[big] < 30 || got[third] < 30 || len(d.jobs) != 90 {
			t.Errorf("of 90 places big got %d, small %d, third %d", got[big], got[small], got[third])
		}
	})
}

func TestNothingIsFedThatMayNotGo(t *testing.T) {
	each(t, func(t *testing.T, client redis.UniversalClient) {
		d := newDesk(t, client, 100)
		paused, held, free := d.campaign("paused", 5), d.campaign("held", 5), d.campaign("free", 5)
		_, err := d.store.Pause(t.Context(), "paused", "test", "lunch")
		must(t, err)
		d.wait[held] = 10 * time.Second
		if more := d.round(); more {
			t.Error("a round that fed everybody who may go wants another at once")
		}
		if got := d.queued(); got[paused] != 0 || got[held] != 0 || got[free] != 5 {
			t.Errorf("paused got %d jobs, held %d, free %d; want 0, 0, 5", got[paused], got[held], got[free])
		}
		must(t, d.store.Resume(t.Context(), "paused", "test"))
		d.wait[held] = 0
		d.round()
		if got := d.queued(); got[paused] != 5 || got[held] != 5 {
			t.Errorf("after resume and hold: %d and %d jobs, want 5 and 5", got[paused], got[held])
		}
	})
}

func TestAlarmsRing(t *testing.T) {
	mini, client := redistest.Mini(t)
	now := time.Now()
	mini.SetTime(now)
	d := newDesk(t, client, 100)
	n := d.campaign("spring", 3)
	d.round()
	mini.SetTime(now.Add(29 * time.Second))
	d.round()
	if got := d.counts(n).Phase(fallback.Queued); got != 3 {
		t.Fatalf("after 29 s %d are queued, want 3", got)
	}
	mini.SetTime(now.Add(31 * time.Second)) // the jobs were lost: back to the line, and queued anew
	d.round()
	d.round()
	tickets := map[fallback.Stamp]bool{}
	for _, j := range d.jobs {
		tickets[j.Ticket] = true
	}
	if len(d.jobs) != 6 || len(tickets) != 6 {
		t.Errorf("%d jobs with %d tickets, want 6 of both", len(d.jobs), len(tickets))
	}
	problems, err := d.store.Audit(t.Context(), n)
	if err != nil || len(problems) > 0 {
		t.Errorf("audit: %v %v", problems, err)
	}
}

// While versions change, one may run a campaign that another cannot read.
func TestACampaignThatCannotBeReadStopsNoOther(t *testing.T) {
	each(t, func(t *testing.T, client redis.UniversalClient) {
		before := newDesk(t, client, 100)
		newer, good := before.campaign("newer", 5), before.campaign("good", 5)
		must(t, client.HSet(t.Context(), "cascade:{register}:campaigns", newer.String(), `{"campaign":{"of_a_newer_version":1},"shards":1}`).Err())
		d := newDesk(t, client, 100) // another process
		for range 2 {                // each campaign's turn comes first once
			d.round()
		}
		if got := d.queued(); got[good] != 5 || got[newer] != 0 {
			t.Errorf("the readable campaign got %d jobs, the other %d; want 5 and 0", got[good], got[newer])
		}
	})
}

// After an outage a great many alarms are due at once. A round rings some of them, feeds
// the lines, and leaves the others to the next.
func TestManyAlarmsKeepNobodyWaiting(t *testing.T) {
	mini, client := redistest.Mini(t)
	now := time.Now()
	mini.SetTime(now)
	d := newDesk(t, client, 2000)
	big := d.campaign("big", 1200)
	for d.counts(big).Phase(fallback.Queued) < 1200 {
		d.round()
	}
	mini.SetTime(now.Add(31 * time.Second)) // all jobs were lost
	small := d.campaign("small", 5)
	if more := d.round(); !more {
		t.Error("alarms were left, but the round wants no other at once")
	}
	if rung, fed := d.counts(big).Phase(fallback.Scheduled), d.counts(small).Phase(fallback.Queued); rung != 1000 || fed != 5 {
		t.Errorf("the first round rang %d alarms and fed %d of 5 others, want 1000 and 5", rung, fed)
	}
	before := len(d.jobs)
	for d.round() {
	}
	if got := d.counts(big).Phase(fallback.Queued); got != 1200 || len(d.jobs)-before != 1200 {
		t.Errorf("in the end %d are queued, by %d jobs; want 1200 of both", got, len(d.jobs)-before)
	}
	if problems, err := d.store.Audit(t.Context(), big); err != nil || len(problems) > 0 {
		t.Errorf("audit: %v %v", problems, err)
	}
}

func TestTwoSchedulersDoNoHarm(t *testing.T) {
	each(t, func(t *testing.T, client redis.UniversalClient) {
		one := newDesk(t, client, 1000)
		n := one.campaign("spring", 500)
		two := newDesk(t, client, 1000)
		done := make(chan error, 2)
		for _, d := range []*desk{one, two} {
			go func() { _, err := d.Round(t.Context()); done <- err }()
		}
		must(t, <-done)
		must(t, <-done)
		if jobs := len(one.jobs) + len(two.jobs); jobs != 500 {
			t.Errorf("two schedulers made %d jobs of 500 messages", jobs)
		}
		if got := one.counts(n).Phase(fallback.Queued); got != 500 {
			t.Errorf("%d queued, want 500", got)
		}
	})
}

func TestOneActsByLease(t *testing.T) {
	_, client := redistest.Mini(t)
	s, err := store.New(t.Context(), store.Options{Client: client})
	must(t, err)
	for i, want := range []struct {
		name string
		got  bool
	}{{"one", true}, {"two", false}, {"one", true}} {
		if got, err := s.Lease(t.Context(), want.name, time.Second); err != nil || got != want.got {
			t.Errorf("%d: %s has the lease: %t (%v), want %t", i, want.name, got, err, want.got)
		}
	}
	for i, want := range []struct {
		resigns string
		got     bool
	}{{"two", false}, {"one", true}} {
		must(t, s.Resign(t.Context(), want.resigns))
		if got, err := s.Lease(t.Context(), "two", time.Second); err != nil || got != want.got {
			t.Errorf("%d: after %s resigned two has the lease: %t (%v), want %t", i, want.resigns, got, err, want.got)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
