package ratelimit

import (
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/redis/go-redis/v9"
)

// Options are a limiter's; the zero value works.
type Options struct {
	Now    func() time.Time // default: time.Now
	Random func() float64   // for jitter, in [0, 1); default: math/rand/v2
	Log    *slog.Logger     // says when a lane is held and when Redis is away; default: silent
	// Held is told for how much longer a scope is held by a hold that this process wrote,
	// and why; nil: nobody counts.
	Held func(s Scope, reason string, longer time.Duration)
}

// Limiter keeps limits, holds and gentle starts in Redis. It is safe for concurrent use.
type Limiter struct {
	client redis.UniversalClient
	now    func() time.Time
	random func() float64
	log    *slog.Logger
	held   func(s Scope, reason string, longer time.Duration)
}

// New makes a limiter. The Redis should answer well within 10 ms: slots are given up
// by what an answer takes too long.
func New(client redis.UniversalClient, o Options) *Limiter {
	l := &Limiter{client: client, now: o.Now, random: o.Random, log: o.Log, held: o.Held}
	if l.now == nil {
		l.now = time.Now
	}
	if l.random == nil {
		l.random = rand.Float64
	}
	if l.log == nil {
		l.log = slog.New(slog.DiscardHandler)
	}
	if l.held == nil {
		l.held = func(Scope, string, time.Duration) {}
	}
	return l
}
