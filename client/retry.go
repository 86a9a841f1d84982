package client

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

const (
	firstPause = 100 * time.Millisecond
	mostPause  = 5 * time.Second
)

// patiently does something, and again while it may succeed later and patience lasts. It
// gives the last error.
func (c *Client) patiently(ctx context.Context, repeat bool, do func() error) error {
	until := time.Now().Add(c.patience)
	for pause := firstPause; ; pause = min(2*pause, mostPause) {
		err := do()
		if err == nil || !repeat || !mayPass(err) || ctx.Err() != nil {
			return err
		}
		wait := pause/2 + rand.N(pause/2+1) // many callers do not come back at once
		if p := (*Problem)(nil); errors.As(err, &p) {
			wait = max(wait, p.RetryAfter)
		}
		if time.Now().Add(wait).After(until) {
			return err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		}
	}
}

// mayPass says whether an error may be gone the next time: what the server says of it
// decides, and where it said nothing, it could not be reached.
func mayPass(err error) bool {
	var p *Problem
	var u *unreadable
	switch {
	case errors.As(err, &p):
		return p.Later()
	case errors.As(err, &u):
		return false
	}
	return true
}
