package store

import (
	"context"
	"sync"
)

// gather lets what many goroutines ask at the same time travel together: while one
// call is under way those who come wait, and go with the next. A lone caller waits for
// nobody; the busier it is, the more a call carries, and the less each costs.
//
// A call is made without the contexts of those who asked: what one of them gives up
// may be on its way, as with any call whose answer is lost.
type gather[In, Out any] struct {
	most int // in one call
	call func(context.Context, []In) ([]Out, error)

	mu      sync.Mutex
	running bool
	waiting []*asked[In, Out]
}

// asked is one goroutine's part of a call.
type asked[In, Out any] struct {
	in   []In
	out  []Out
	err  error
	done chan struct{}
}

// do gives the answers in the order of in. An error is that of the whole call.
func (g *gather[In, Out]) do(ctx context.Context, in ...In) ([]Out, error) {
	a := &asked[In, Out]{in: in, done: make(chan struct{})}
	g.mu.Lock()
	g.waiting = append(g.waiting, a)
	if !g.running {
		g.running = true
		go g.run()
	}
	g.mu.Unlock()
	select {
	case <-a.done:
		return a.out, a.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// run makes calls until nobody waits.
func (g *gather[In, Out]) run() {
	for {
		together := g.take()
		if len(together) == 0 {
			return
		}
		all := make([]In, 0, len(together))
		for _, a := range together {
			all = append(all, a.in...)
		}
		out, err := g.call(context.Background(), all)
		for _, a := range together {
			if a.err = err; err == nil {
				a.out, out = out[:len(a.in):len(a.in)], out[len(a.in):]
			}
			close(a.done)
		}
	}
}

// take gives those who go with the next call: as many as it may carry, and at least one.
func (g *gather[In, Out]) take() []*asked[In, Out] {
	g.mu.Lock()
	defer g.mu.Unlock()
	n, size := 0, 0
	for n < len(g.waiting) && (n == 0 || size+len(g.waiting[n].in) <= g.most) {
		size += len(g.waiting[n].in)
		n++
	}
	together := g.waiting[:n:n]
	if g.waiting = g.waiting[n:]; n == 0 {
		g.running, g.waiting = false, nil
	}
	return together
}
