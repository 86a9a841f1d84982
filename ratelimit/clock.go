package ratelimit

import "time"

// clock maps Redis' clock to the local one. What Redis answered was true at some time
// between asking and hearing, so that local minus Redis' time lies between two bounds;
// each answer narrows them. It keeps to the monotonic clock.
type clock struct {
	origin    time.Time // the first answer
	heard     time.Time // the last answer
	low, high time.Duration
}

// drift is how much the two clocks may move apart in this time: one part of so many.
const drift = 5000

func (c *clock) observe(asked, heard, redis time.Time) {
	if c.origin.IsZero() {
		c.origin, c.heard = heard, heard
		c.low, c.high = c.offset(asked, redis), c.offset(heard, redis)
		return
	}
	moved := heard.Sub(c.heard) / drift
	low := max(c.offset(asked, redis), c.low-moved)
	high := min(c.offset(heard, redis), c.high+moved)
	if low > high { // a clock was set, or another Redis answers: only what is new counts
		low, high = c.offset(asked, redis), c.offset(heard, redis)
	}
	c.low, c.high, c.heard = low, high, heard
}

func (c *clock) offset(local, redis time.Time) time.Duration {
	return local.Sub(c.origin) - time.Duration(redis.UnixNano())
}

// latest is the local time at which Redis' time has surely come.
func (c *clock) latest(redis time.Time) time.Time { return c.local(redis, c.high) }

// earliest is the local time up to which Redis' time has surely not passed.
func (c *clock) earliest(redis time.Time) time.Time { return c.local(redis, c.low) }

// local is reckoned from the last answer, whose wall time is newer than the origin's.
func (c *clock) local(redis time.Time, offset time.Duration) time.Time {
	return c.heard.Add(time.Duration(redis.UnixNano()) + offset - c.heard.Sub(c.origin))
}
