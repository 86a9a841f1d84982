package webhook

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

// Options are what a Post needs. Boxes must be set.
type Options struct {
	Boxes     Boxes
	Receivers map[string]Receiver // by name
	Log       *slog.Logger        // default: slog.Default()
	Now       func() time.Time    // default: time.Now
}

// Post brings letters to their receivers. Any number of processes may run one.
type Post struct {
	Options
	couriers map[string]*courier
	more     chan struct{} // holds one when a courier has come back who could not carry all
	out      sync.WaitGroup
}

// New makes a post; Run starts it.
func New(o Options) *Post {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	p := &Post{Options: o, couriers: map[string]*courier{}, more: make(chan struct{}, 1)}
	for name, r := range o.Receivers {
		p.couriers[name] = p.newCourier(name, &r)
	}
	return p
}

const (
	lookEvery   = time.Second            // for boxes in which a letter has come
	lookAtLeast = 200 * time.Millisecond // between two looks: letters that come one by one are brought together
)

// Run has letters brought until ctx ends, and waits for those on their way: a moment for
// an answer, not as long as it may take.
func (p *Post) Run(ctx context.Context) error {
	defer p.out.Wait()
	for ctx.Err() == nil {
		next, err := p.Round(ctx)
		if err != nil && !errors.Is(err, context.Canceled) {
			p.Log.Warn("the webhooks' post waits", "error", err)
		}
		p.sleep(ctx, next)
	}
	return nil
}

// Round looks once for letters that are due, sends couriers out who are at home, and says
// when to look again.
func (p *Post) Round(ctx context.Context) (next time.Duration, err error) {
	boxes, next, err := p.Boxes.Due(ctx)
	if err != nil {
		return lookEvery, err
	}
	if next < 0 || next > lookEvery {
		next = lookEvery
	}
	byReceiver := map[string][]Box{}
	for _, b := range boxes {
		byReceiver[b.Receiver] = append(byReceiver[b.Receiver], b)
	}
	for name, boxes := range byReceiver {
		p.send(ctx, name, boxes)
	}
	return max(next, lookAtLeast), nil
}

// send has a receiver's boxes looked after, unless its courier is out. A receiver that the
// configuration has not, or not any more, has one that only gives up what is too old.
func (p *Post) send(ctx context.Context, name string, boxes []Box) {
	c := p.couriers[name]
	if c == nil {
		p.Log.Warn("webhooks wait for a receiver that the configuration does not have", "receiver", name)
		c = p.newCourier(name, nil)
		p.couriers[name] = c
	}
	if c.out.Swap(true) {
		return
	}
	p.out.Go(func() {
		more := c.tour(ctx, boxes)
		c.out.Store(false)
		if !more {
			return
		}
		select {
		case p.more <- struct{}{}:
		default: // somebody has said so already
		}
	})
}

// sleep ends when it is time, when a courier is to go again, or with ctx.
func (p *Post) sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-p.more:
	case <-ctx.Done():
	}
}
