package worker

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/hibiken/asynq"
	"golang.org/x/time/rate"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

const (
	questionsAtOnce = 100  // in one request: Qlara takes "a few hundred", and its address stays below 4 kB
	questionsMost   = 1000 // that wait for their turn in this process
)

// question is a job that asks, with the record that it found.
type question struct {
	job    fallback.Job
	record fallback.Record
	until  time.Time // then its message's alarm rings, and it is void
	alone  bool      // an answer about several said nothing of it
}

// desk is where a lane's questions wait. They are asked by one goroutine, as many
// together as have come meanwhile: so a provider that answers slowly holds no send up,
// and a thousand silent messages cost ten slots. A question that is lost here does no
// harm, for its message's alarm rings again.
type desk struct {
	*lane
	quit      context.Context // ends when the worker drains: nothing more is asked
	complaint rate.Sometimes

	mu      sync.Mutex
	waiting []question
	busy    bool
}

// handle is the asynq handler of questions. It neither claims nor sends.
func (d *desk) handle(ctx context.Context, task *asynq.Task) error {
	d.worker.busy.Add(1)
	defer d.worker.busy.Done()
	job, err := fallback.ParseJob(d.Lane.Lane, task.Payload())
	if err != nil {
		d.worker.Log.Error("job set aside", "lane", d.Lane.Lane, "error", err)
		return fmt.Errorf("%w: %w", err, asynq.SkipRetry)
	}
	records, err := d.worker.Ledger.Load(ctx, []campaign.MessageID{job.Attempt.Message()})
	if err != nil {
		return err
	}
	if job.Asks(&records[0]) && d.Asker != nil {
		d.put(question{job: job, record: records[0], until: d.worker.Now().Add(fallback.AskEnds)})
	}
	return nil
}

// put adds a question, and sees to it that somebody asks.
func (d *desk) put(q question) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.waiting) == questionsMost {
		return
	}
	if d.waiting = append(d.waiting, q); !d.busy {
		d.busy = true
		d.worker.busy.Go(d.work)
	}
}

// take gives the next questions to be asked together; none, and then work ends.
func (d *desk) take() (next []question) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.worker.Now()
	for len(d.waiting) > 0 && len(next) < questionsAtOnce && d.quit.Err() == nil {
		q := d.waiting[0]
		if q.alone && len(next) > 0 {
			break
		}
		if d.waiting = d.waiting[1:]; now.Before(q.until) {
			next = append(next, q)
		}
		if q.alone && len(next) > 0 {
			break
		}
	}
	if len(next) == 0 {
		d.waiting, d.busy = nil, false
	}
	return next
}

// work asks until nothing is left. While the lane is held, for a little, what waits does.
func (d *desk) work() {
	for next := d.take(); len(next) > 0; next = d.take() {
		again, wait := d.ask(next)
		timer := time.NewTimer(min(wait, fallback.AskEnds))
		select {
		case <-timer.C:
		case <-d.quit.Done():
		}
		timer.Stop()
		d.mu.Lock()
		d.waiting = append(d.waiting, again...)
		d.mu.Unlock()
	}
}
