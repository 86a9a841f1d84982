package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/store"
)

// comeDue imports people who are due one after the other, so far apart, or all within
// one second (0), and waits until all were sent.
func (d *deployment) comeDue(ctx context.Context, people crowd, apart time.Duration) (figures, error) {
	lead := 5*time.Second + time.Duration(people.n)*40*time.Microsecond // the import is over by then
	first := time.Now().Add(lead).Truncate(time.Second)
	people.due = func(i int) time.Time {
		if apart == 0 {
			return first.Add(time.Duration(i) * time.Second / time.Duration(people.n))
		}
		return first.Add(time.Duration(i) * apart)
	}
	c, err := d.fill(ctx, people, true)
	if err != nil {
		return nil, err
	}
	times, err := d.times(ctx, c)
	if err != nil {
		return nil, err
	}
	if !time.Now().Before(first) {
		return nil, errors.New("the import took longer than it may: the first messages were due before its end")
	}
	earlier, err := d.sink.seen()
	if err != nil {
		return nil, err
	}
	if err := sleep(ctx, time.Until(first)); err != nil {
		return nil, err
	}
	all := []*process{d.processes[0], d.server.process} // the scheduler, Redis
	before := used(all...)
	seen, err := d.requested(ctx, int(earlier.Requests)+people.n, 5*time.Minute)
	if err != nil {
		return nil, err
	}
	cores := since(before, time.Since(first), all...)
	log, err := d.sink.log()
	if err != nil {
		return nil, err
	}
	log = log[earlier.Requests:]
	late, err := between(times, log)
	if err != nil {
		return nil, err
	}
	stalls, err := d.sink.stalls()
	if err != nil {
		return nil, err
	}
	f := figures{"messages": float64(people.n), "stall": ms(seen.Stall), "scheduler": cores[0], "redis": cores[1],
		"p50": ms(quantile(late, 0.5)), "p99": ms(quantile(late, 0.99)), "max": ms(quantile(late, 1)),
		"tenth": float64(log.worst(100 * time.Millisecond))}
	if apart == 0 {
		most, _ := log.undisturbed(time.Second, stalls)
		f["worst"] = float64(most)
		f["used"], f["least"] = log.evenness(dueLimit, stalls)
	}
	return f, nil
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

// evenness is how much of a limit per second was used, in percent, and the fewest
// requests in any whole second in which the machine did not stand still.
func (j journal) evenness(limit int, all stalls) (used, least float64) {
	const second = 1_000_000 // µs
	first, last := j[0].at, j[len(j)-1].at
	seconds := make([]int, (last-first)/second+1)
	for _, r := range j {
		seconds[(r.at-first)/second]++
	}
	least = float64(len(j))
	for i, n := range seconds[:len(seconds)-1] { // the last one is not whole
		from := first + int64(i)*second
		if !slices.ContainsFunc(all, func(s stall) bool { return s.From < from+second && s.To > from }) {
			least = min(least, float64(n))
		}
	}
	return 100 * float64(len(j)) * second / float64(last-first) / float64(limit), least
}
