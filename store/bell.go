package store

import (
	"context"
	"errors"
	"maps"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// Bell lets one process tell others that there is something to do: work on a lane, a
// nudge for the scheduler. It is one subscription per process, however many wait. A
// ring may be lost and may come twice, so who waits looks for itself and uses the
// bell only to look sooner:
//
//	for {
//		rung := bell.Next(name) // taken first, so that a ring during the look counts
//		look()
//		wait(rung, bell.Patience())
//	}
type Bell struct {
	client  redis.UniversalClient
	unsaid  chan struct{} // holds one while there are names to publish
	mu      sync.Mutex
	next    map[string]chan struct{} // by name: closed and forgotten by the next ring
	ringing map[string]bool          // names that are to be published
	hearing bool
}

const (
	bellChannel = "cascade:bell"

	bellPatience     = 2 * time.Second        // how long silence is believed
	bellDeafPatience = 200 * time.Millisecond // and while nothing could be heard

	bellSpacing = 5 * time.Millisecond   // between two publications of one process
	bellCheck   = 5 * time.Second        // a subscription silent for so long is pinged
	bellPause   = 100 * time.Millisecond // between two tries to subscribe
)

// NewBell makes a bell on the plain client. It neither hears nor rings before Run.
func NewBell(client redis.UniversalClient) *Bell {
	return &Bell{
		client:  client,
		unsaid:  make(chan struct{}, 1),
		next:    make(map[string]chan struct{}),
		ringing: make(map[string]bool),
	}
}

// Run hears and publishes rings until the context ends. A lost connection is made
// again for as long as it takes.
func (b *Bell) Run(ctx context.Context) {
	var both sync.WaitGroup
	both.Go(func() { b.publish(ctx) })
	both.Go(func() { b.listen(ctx) })
	both.Wait()
}

// Next gives a channel that closes when the name rings the next time, or when rings of
// it may have been missed.
func (b *Bell) Next(name string) <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	c, waited := b.next[name]
	if !waited {
		c = make(chan struct{})
		b.next[name] = c
	}
	return c
}

// Patience is how long to wait for a ring before looking without one: 2 s, but 200 ms
// while the subscription is down.
func (b *Bell) Patience() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.hearing {
		return bellPatience
	}
	return bellDeafPatience
}

// Ring tells every process that something is to be done under these names. It returns
// at once; rings of one name that come faster than every 5 ms travel as one.
func (b *Bell) Ring(names ...string) {
	b.mu.Lock()
	for _, name := range names {
		b.ringing[name] = true
	}
	b.mu.Unlock()
	select {
	case b.unsaid <- struct{}{}:
	default: // they go with the names that wait already
	}
}

func (b *Bell) publish(ctx context.Context) {
	for {
		select {
		case <-b.unsaid:
		case <-ctx.Done():
			return
		}
		// A ring that is lost with its connection costs its listeners one patience.
		_ = b.client.Publish(ctx, bellChannel, strings.Join(b.takeRinging(), "\n")).Err()
		pause(ctx, bellSpacing)
	}
}

func (b *Bell) takeRinging() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	names := slices.Collect(maps.Keys(b.ringing))
	clear(b.ringing)
	return names
}

func (b *Bell) listen(ctx context.Context) {
	for ctx.Err() == nil {
		b.hear(ctx)
		b.setHearing(false)
		pause(ctx, bellPause)
	}
}

// hear passes rings on until its subscription breaks or the context ends.
func (b *Bell) hear(ctx context.Context) {
	subscription := b.client.Subscribe(ctx, bellChannel)
	// A read does not heed its context: closing the connection ends it.
	closeIt := sync.OnceFunc(func() { _ = subscription.Close() })
	defer closeIt()
	defer context.AfterFunc(ctx, closeIt)()

	for pinged := false; ; {
		message, err := subscription.ReceiveTimeout(ctx, bellCheck)
		var silence net.Error
		switch {
		case errors.As(err, &silence) && silence.Timeout() && !pinged:
			pinged = true
			err = subscription.Ping(ctx)
		case err == nil:
			pinged = false
			b.heard(message)
		}
		if err != nil {
			return
		}
	}
}

func (b *Bell) heard(message any) {
	switch m := message.(type) {
	case *redis.Subscription:
		b.setHearing(true)
	case *redis.Message:
		b.wake(strings.Split(m.Payload, "\n"))
	}
}

// setHearing wakes everybody: who waits may have missed a ring, or waits too long.
func (b *Bell) setHearing(hearing bool) {
	b.mu.Lock()
	b.hearing = hearing
	names := slices.Collect(maps.Keys(b.next))
	b.mu.Unlock()
	b.wake(names)
}

func (b *Bell) wake(names []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, name := range names {
		if c, waited := b.next[name]; waited {
			close(c)
			delete(b.next, name)
		}
	}
}

// pause waits for d or for the end of the context.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
