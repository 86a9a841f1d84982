package provider

import (
	"sync"
	"time"
)

// idleTime is for how long a connection without a request is kept: shorter than
// servers usually keep theirs, so that fewer die under a request.
const idleTime = 30 * time.Second

// pool keeps connections for the next request.
type pool struct {
	most  int // for each place
	mu    sync.Mutex
	idle  map[place][]*conn // the one used last stands last
	sweep *time.Timer       // closes those that nobody wanted; nil: there are none
}

// take gives the connection to a place that was used last and is still alive, or nil.
func (p *pool) take(to place) *conn {
	for {
		c := p.pop(to)
		if c == nil || c.silent() && time.Since(c.idle) < idleTime {
			return c
		}
		_ = c.Close()
	}
}

func (p *pool) pop(to place) *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := p.idle[to]
	if len(list) == 0 {
		return nil
	}
	c := list[len(list)-1]
	p.idle[to] = list[:len(list)-1]
	return c
}

func (p *pool) put(c *conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle[c.place]) >= p.most {
		_ = c.Close()
		return
	}
	if p.idle == nil {
		p.idle = map[place][]*conn{}
	}
	c.idle = time.Now()
	p.idle[c.place] = append(p.idle[c.place], c)
	if p.sweep == nil {
		p.sweep = time.AfterFunc(idleTime, func() { p.empty(time.Now().Add(-idleTime)) })
	}
}

// empty closes the connections that were idle before; the zero time: all of them.
func (p *pool) empty(before time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	left := 0
	for to, list := range p.idle {
		n := 0
		for n < len(list) && (before.IsZero() || !list[n].idle.After(before)) {
			_ = list[n].Close()
			n++
		}
		p.idle[to] = list[n:]
		left += len(list) - n
	}
	if p.sweep != nil {
		p.sweep.Stop()
		p.sweep = nil
	}
	if left > 0 {
		p.sweep = time.AfterFunc(idleTime, func() { p.empty(time.Now().Add(-idleTime)) })
	}
}
