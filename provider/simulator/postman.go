package simulator

import (
	"container/heap"
	"context"
	"sync"
	"time"
)

// round is what the provider still has to report about one message: its news, in
// order. The next begins once the one before it was tried.
type round struct {
	about     about
	begin     time.Time // from which the times of its news count
	news      []news
	tries     int           // of the first news
	again     time.Time     // of its next try, if there was one
	firstTold chan struct{} // closed once the first news was tried; may be nil
}

// due is when the first news of the round is to be told.
func (r *round) due() time.Time {
	if r.tries > 0 {
		return r.again
	}
	return r.begin.Add(r.news[0].told)
}

// about is the message that a round speaks of.
type about struct {
	dialect dialect
	account string
	message message
	key     fingerprint
	record  *record
}

// postman keeps rounds until they are due, and hands them to its workers.
type postman struct {
	now     func() time.Time
	deliver func(*round)
	due     chan *round
	wake    chan struct{}

	mu      sync.Mutex
	queue   rounds
	pending int           // rounds promised and not done
	idle    chan struct{} // closed while pending is 0
}

func newPostman(now func() time.Time, deliver func(*round)) *postman {
	idle := make(chan struct{})
	close(idle)
	return &postman{now: now, deliver: deliver, due: make(chan *round), wake: make(chan struct{}, 1), idle: idle}
}

// run hands out rounds until the context ends, and returns when the last delivery has.
func (p *postman) run(ctx context.Context, workers int) {
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for r := range p.due {
				p.deliver(r)
			}
		})
	}
	p.handOut(ctx)
	close(p.due)
	wg.Wait()
}

func (p *postman) handOut(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		r, wait := p.next()
		if r != nil {
			select {
			case p.due <- r:
				continue
			case <-ctx.Done():
				return
			}
		}
		timer.Reset(wait)
		select {
		case <-timer.C:
		case <-p.wake:
		case <-ctx.Done():
			return
		}
	}
}

// next takes the first round if it is due, or says how long to wait for it.
func (p *postman) next() (*round, time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.queue) == 0 {
		return nil, time.Hour
	}
	if wait := p.queue[0].due().Sub(p.now()); wait > 0 {
		return nil, wait
	}
	return heap.Pop(&p.queue).(*round), 0
}

// promise counts a round that will be put, so that nobody takes the time until then
// for idle. Each promise is ended by done.
func (p *postman) promise() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pending++; p.pending == 1 {
		p.idle = make(chan struct{})
	}
}

func (p *postman) done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pending--; p.pending == 0 {
		close(p.idle)
	}
}

// put queues a promised round.
func (p *postman) put(r *round) {
	p.mu.Lock()
	heap.Push(&p.queue, r)
	first := p.queue[0] == r
	p.mu.Unlock()
	if first {
		select {
		case p.wake <- struct{}{}:
		default:
		}
	}
}

func (p *postman) outstanding() (n int, idle <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.pending, p.idle
}

// rounds is a heap by due time.
type rounds []*round

func (q rounds) Len() int           { return len(q) }
func (q rounds) Less(i, j int) bool { return q[i].due().Before(q[j].due()) }
func (q rounds) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *rounds) Push(x any)        { *q = append(*q, x.(*round)) }
func (q *rounds) Pop() any {
	old := *q
	last := len(old) - 1
	r := old[last]
	old[last] = nil
	*q = old[:last]
	return r
}
