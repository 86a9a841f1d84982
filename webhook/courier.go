package webhook

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync/atomic"
	"time"
)

// courier brings one receiver its letters.
type courier struct {
	name     string
	boxes    Boxes
	log      *slog.Logger
	now      func() time.Time
	receiver *Receiver // nil: the configuration has none of the name
	client   *http.Client
	out      atomic.Bool // it is on a tour
}

func (p *Post) newCourier(name string, r *Receiver) *courier {
	c := &courier{name: name, boxes: p.Boxes, log: p.Log.With("receiver", name), now: p.Now, receiver: r}
	if r != nil {
		c.client = r.client()
	}
	return c
}

const (
	batchMost = 100         // letters taken at once
	batchKept = time.Minute // for how long others leave them alone; half of it is for sending
	failures  = 5           // in a row, after which a receiver is left alone
)

// tour takes a batch from each of the boxes, as long as the receiver stands it, and says
// whether there may be more than it took.
func (c *courier) tour(ctx context.Context, boxes []Box) (more bool) {
	state, err := c.boxes.State(ctx, c.name)
	for _, b := range boxes {
		if err != nil || ctx.Err() != nil {
			break
		}
		n := 0
		switch {
		case c.receiver == nil || !state.Gone.IsZero():
			n, err = c.look(ctx, b)
		case c.now().Before(state.Held):
			err = c.boxes.Rest(ctx, b, state.Held)
		default:
			n, state, err = c.batch(ctx, b, state)
		}
		more = more || n == batchMost
	}
	if err != nil && ctx.Err() == nil {
		c.log.Warn("webhooks wait", "error", err)
	}
	return more && err == nil
}

// batch brings letters of one box, and says how many it took, and how the receiver stands
// then.
func (c *courier) batch(ctx context.Context, b Box, before State) (n int, after State, err error) {
	began := c.now()
	letters, err := c.boxes.Take(ctx, b, batchMost, batchKept)
	if err != nil || len(letters) == 0 {
		return 0, before, err
	}
	r := &run{courier: c, end: began.Add(batchKept / 2), probe: !before.Held.IsZero()}
	outcomes := r.bring(ctx, letters)
	after = r.state(before)
	for i := range outcomes {
		if o := &outcomes[i]; o.Fate == Kept && o.Again.Before(after.Held) {
			o.Again = after.Held
		}
	}
	ctx = context.WithoutCancel(ctx) // what the receiver took is to be written down
	if after != before {
		c.tell(before, after)
		if err := c.boxes.Note(ctx, c.name, after); err != nil {
			return 0, after, fmt.Errorf("note how receiver %s stands: %w", c.name, err)
		}
	}
	return len(letters), after, c.settle(ctx, b, outcomes)
}

// look gives up what is too old in a box of a receiver that is sent nothing. What is not
// is looked at again when it is.
func (c *courier) look(ctx context.Context, b Box) (n int, err error) {
	letters, err := c.boxes.Take(ctx, b, batchMost, batchKept)
	if err != nil || len(letters) == 0 {
		return 0, err
	}
	outcomes := make([]Outcome, len(letters))
	for i, l := range letters {
		outcomes[i] = Outcome{Key: l.Key, Fate: fateOf(l, c.now()), Again: l.Written.Add(Lasts)}
	}
	return len(letters), c.settle(ctx, b, outcomes)
}

func (c *courier) settle(ctx context.Context, b Box, outcomes []Outcome) error {
	lost := 0
	for _, o := range outcomes {
		if o.Fate == GivenUp {
			lost++
		}
	}
	if lost > 0 {
		c.log.Error("webhooks are given up: the receiver did not take them within a day", "count", lost)
	}
	return c.boxes.Settle(ctx, b, outcomes)
}

// fateOf is a letter's before any try.
func fateOf(l Letter, now time.Time) Fate {
	switch {
	case l.Body == nil:
		return Dropped
	case now.Sub(l.Written) >= Lasts:
		return GivenUp
	}
	return Kept
}

// tell logs what changed with a receiver.
func (c *courier) tell(before, after State) {
	switch {
	case !after.Gone.IsZero():
		c.log.Error("the receiver wants no webhooks any more (410): nothing is sent to it until cascade webhook redeliver", "since", after.Gone)
	case before.Failing.IsZero() && !after.Failing.IsZero():
		c.log.Warn("the receiver takes no webhooks", "error", after.Error)
	case !before.Failing.IsZero() && after.Failing.IsZero():
		c.log.Info("the receiver takes webhooks again", "failed_since", before.Failing)
	}
}

func spread() float64 { return rand.Float64() }
