package logs

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"
)

// How many lines of one kind are told in how long. While Redis is away, a thousand requests
// in hand would say so again and again; and a service that sends single messages would have
// a line for each.
const (
	calmSpan  = 10 * time.Second
	calmLines = 20
	calmKinds = 1000 // that are remembered; beyond, all begin anew
)

// Calm keeps floods out of a log: of lines of one kind, below errors, it passes on twenty in
// ten seconds. The first one that is told again says how many were not. Errors are all told.
//
// Lines are of one kind that have the same message and level, and are about the same lane,
// account, queue, scope, route or status.
func Calm(h slog.Handler) slog.Handler {
	return &calm{Handler: h, flow: &flow{kinds: map[string]*kind{}}}
}

type calm struct {
	slog.Handler
	flow  *flow
	about string // what the handler's own attributes say of the kind
}

// flow is shared by all handlers that come of one.
type flow struct {
	mu    sync.Mutex
	kinds map[string]*kind
}

type kind struct {
	began        time.Time
	told, untold int
}

// Handle is slog.Handler.
func (c *calm) Handle(ctx context.Context, r slog.Record) error {
	if r.Level < slog.LevelError {
		about := strings.Builder{}
		about.WriteString(r.Level.String() + r.Message + c.about)
		r.Attrs(func(a slog.Attr) bool { about.WriteString(kindOf(a)); return true })
		passes, untold := c.flow.pass(about.String(), r.Time)
		if !passes {
			return nil
		}
		if untold > 0 {
			r = r.Clone()
			r.AddAttrs(slog.Int("untold", untold))
		}
	}
	return c.Handler.Handle(ctx, r)
}

// WithAttrs is slog.Handler.
func (c *calm) WithAttrs(list []slog.Attr) slog.Handler {
	with := &calm{c.Handler.WithAttrs(list), c.flow, c.about}
	for _, a := range list {
		with.about += kindOf(a)
	}
	return with
}

// WithGroup is slog.Handler.
func (c *calm) WithGroup(name string) slog.Handler {
	return &calm{c.Handler.WithGroup(name), c.flow, c.about}
}

// kindOf is what an attribute says of the kind of its line.
func kindOf(a slog.Attr) string {
	switch a.Key {
	case "lane", "account", "queue", "scope", "route", "status", "what":
		return "\x00" + a.Key + "=" + a.Value.String()
	}
	return ""
}

// pass says whether a line of this kind may be told, and how many were not before it.
func (f *flow) pass(about string, now time.Time) (passes bool, untold int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	k := f.kinds[about]
	if k == nil {
		if len(f.kinds) >= calmKinds {
			clear(f.kinds)
		}
		k = &kind{began: now}
		f.kinds[about] = k
	}
	if now.Sub(k.began) >= calmSpan {
		untold = k.untold
		*k = kind{began: now}
	}
	if k.told >= calmLines {
		k.untold++
		return false, 0
	}
	k.told++
	return true, untold
}
