package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/store"
)

// The rate at which messages come due one after the other, and the limit under which
// many go out that are due at once.
const (
	dueRate   = 500
	dueLimit  = 2000
	dueCrowd  = 100_000
	dueSample = 15_000
)

// alarms measures with a million messages in line and on the clock: how late a request
// is that is due by itself, and how a hundred thousand go out that are due in one second.
func alarms(ctx context.Context, l *lab) (table, error) {
	const single, many = "one after the other, 500/s", "all in the same second, limit 2000/s"
	t := table{rows: []row{{name: single}, {name: many}}, columns: []column{
		{"messages", "messages", 0}, {"standing", "in line and on the clock", 0}, {"p50", "late: p50, ms", 1}, {"p99", "p99, ms", 1}, {"max", "max, ms", 1},
		{"used", "of the limit, %", 1}, {"worst", "most in 1 s", 0}, {"least", "least in a whole second", 0}, {"tenth", "most in 100 ms", 0},
		{"scheduler", "scheduler, cores", 2}, {"redis", "Redis, cores", 2}, {"stall", "machine stood still, ms", 1}}}
	for range l.runs {
		one, all, err := runAlarms(ctx, l)
		if err != nil {
			return t, err
		}
		t.rows[0].runs, t.rows[1].runs = append(t.rows[0].runs, one), append(t.rows[1].runs, all)
	}
	p99, worst, least, used := t.figure(single, "p99"), t.figure(many, "worst"), t.figure(many, "least"), t.figure(many, "used")
	t.goal(p99 < 250, "99 of 100 requests at most 250 ms after their time: %.1f ms", p99)
	t.goal(worst <= dueLimit && used >= 95, "who is due at once goes out at the limit: %.1f %% of it, at most %.0f in any second", used, worst)
	t.goal(least >= 0.9*dueLimit, "and evenly, no second below 90 %% of the limit: %.0f", least)
	return t, nil
}

func runAlarms(ctx context.Context, l *lab) (one, all figures, err error) {
	server, s, err := l.stage(ctx, plainRedis, "-log")
	if err != nil {
		return nil, nil, err
	}
	defer s.process.kill()
	defer server.close()
	h, err := l.house(ctx, server, site{provider: s.url, limits: fmt.Sprintf("%d/1s", dueLimit)})
	if err != nil {
		return nil, nil, err
	}
	defer h.close()
	standing := l.sized(1_000_000)
	if err := h.stand(ctx, standing); err != nil {
		return nil, nil, err
	}
	scheduler, err := l.serve(ctx, h, "scheduler", h.config, "scheduler")
	if err != nil {
		return nil, nil, err
	}
	defer scheduler.kill()
	worker, err := l.serve(ctx, h, "worker", h.config, "worker")
	if err != nil {
		return nil, nil, err
	}
	defer worker.kill()
	x := &duties{h: h, sink: s, all: []*process{scheduler, server.process}}
	if one, err = x.run(ctx, crowd{id: "single", n: l.sized(dueSample)}, time.Second/dueRate); err != nil {
		return nil, nil, err
	}
	if all, err = x.run(ctx, crowd{id: "many", n: l.sized(dueCrowd)}, 0); err != nil {
		return nil, nil, err
	}
	one["standing"], all["standing"] = float64(standing), float64(standing)
	return one, all, nil
}

// stand puts n messages where they wait for a day: half in line, half on the clock.
func (h *house) stand(ctx context.Context, n int) error {
	now := time.Now()
	c, err := h.fill(ctx, crowd{n: n, id: "standing", due: func(i int) time.Time {
		return now.Add(time.Duration(i%2) * 24 * time.Hour)
	}}, true)
	if err != nil {
		return err
	}
	_, err = h.accepted(ctx, c, (n+1)/2)
	return err
}

// duties are messages that come due while others look.
type duties struct {
	h    *house
	sink *sink
	all  []*process // scheduler, Redis
	seen int        // requests so far
}

// run imports people who are due one after the other, or within one second, and waits
// until all were sent.
func (x *duties) run(ctx context.Context, people crowd, apart time.Duration) (figures, error) {
	lead := 5*time.Second + time.Duration(people.n)*40*time.Microsecond // the import is over by then
	first := time.Now().Add(lead).Truncate(time.Second)
	people.due = func(i int) time.Time {
		if apart == 0 {
			return first.Add(time.Duration(i) * time.Second / time.Duration(people.n))
		}
		return first.Add(time.Duration(i) * apart)
	}
	c, err := x.h.fill(ctx, people, true)
	if err != nil {
		return nil, err
	}
	times, err := x.h.times(ctx, c)
	if err != nil {
		return nil, err
	}
	if !time.Now().Before(first) {
		return nil, errors.New("the import took longer than it may: the first messages were due before its end")
	}
	time.Sleep(time.Until(first))
	before := used(x.all)
	from := x.seen
	x.seen += people.n
	err = until(ctx, "all requests", 5*time.Minute, func() (bool, error) {
		seen, err := x.sink.seen()
		return seen.Requests >= int64(x.seen), err
	})
	if err != nil {
		return nil, err
	}
	took, after := time.Since(first).Seconds(), used(x.all)
	log, err := x.sink.log()
	if err != nil {
		return nil, err
	}
	log = log[from:]
	late, err := between(times, log)
	if err != nil {
		return nil, err
	}
	f := log.evenness()
	seen, err := x.sink.seen()
	f["messages"], f["stall"] = float64(people.n), ms(seen.Stall)
	f["p50"], f["p99"], f["max"] = ms(quantile(late, 0.5)), ms(quantile(late, 0.99)), ms(quantile(late, 1))
	f["scheduler"], f["redis"] = (after[0]-before[0]).Seconds()/took, (after[1]-before[1]).Seconds()/took
	if apart > 0 {
		delete(f, "used")
		delete(f, "least")
	}
	return f, err
}

// times are when the messages of a campaign are due.
func (h *house) times(ctx context.Context, c *store.Campaign) (journal, error) {
	var all journal
	err := h.store.Each(ctx, c.Number, func(r *fallback.Record) error {
		all = append(all, request{r.Time.UnixMicro(), campaign.AttemptID(r.ID)})
		return nil
	})
	return all, err
}

// evenness is how requests lie in their seconds.
func (j journal) evenness() figures {
	seconds := map[int64]int{}
	first := j[0].at
	for _, r := range j {
		seconds[(r.at-first)/time.Second.Microseconds()]++
	}
	last := (j[len(j)-1].at - first) / time.Second.Microseconds()
	least := len(j)
	for at := range last { // the last one is not whole
		least = min(least, seconds[at])
	}
	long := float64(j[len(j)-1].at-first) / 1e6
	return figures{"worst": float64(j.worst(time.Second)), "tenth": float64(j.worst(100 * time.Millisecond)), "least": float64(least),
		"used": 100 * float64(len(j)) / long / dueLimit}
}
