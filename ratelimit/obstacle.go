package ratelimit

import (
	"errors"
	"fmt"
	"time"
)

// Cause is why no slot can be had now.
type Cause string

// The causes. None means that one can be had.
const (
	None     Cause = ""
	AtLimit  Cause = "limit"  // the scope's limits are used up for now
	Held     Cause = "held"   // until a time: a 429, or the breaker
	Paused   Cause = "paused" // until somebody releases it
	Starting Cause = "gentle" // a gentle start waits for the results of its block
	TooSlow  Cause = "slow"   // Redis answers so late that its slots are over when they come
)

// Forever is the wait of a paused scope: a hundred years.
const Forever = 100 * 365 * 24 * time.Hour

// Obstacle is what stands in the way of the next slot.
type Obstacle struct {
	Cause  Cause
	Kind   Kind   // of the scope at fault
	Name   string // of the scope at fault
	Reason string // Held, Paused: for people
	By     string // Paused: who did it
	Since  time.Time
}

// obstacle reads what the script of the same name says.
func (f fields) obstacle(ss scopes) Obstacle {
	who := int(f.number(0))
	if who < 1 || who > len(ss) {
		return Obstacle{}
	}
	s := ss[who-1]
	return Obstacle{Cause: Cause(f.text(1)), Kind: s.Kind, Name: s.Name, Reason: f.text(2), Since: f.time(3), By: f.text(4)}
}

func (o Obstacle) String() string {
	place := string(o.Kind) + " " + o.Name
	switch o.Cause {
	case None:
		return "free"
	case AtLimit:
		return place + " is at its limit"
	case Starting:
		return place + " starts gently and waits for the last results"
	case TooSlow:
		return place + ": Redis answers too late for the slots that it grants; it should take less than 5ms"
	case Paused:
		return fmt.Sprintf("%s is paused by %s: %s", place, o.By, o.Reason)
	default:
		return fmt.Sprintf("%s is held: %s", place, o.Reason)
	}
}

// WaitError says that a slot is too far away to wait for in place. The message should
// go back to its line, and be queued no sooner than Wait from now.
type WaitError struct {
	Wait time.Duration // Forever: until somebody releases the scope
	Obstacle
}

func (e *WaitError) Error() string {
	if e.Cause == Paused {
		return "no slot: " + e.Obstacle.String()
	}
	return fmt.Sprintf("no slot for another %v: %s", e.Wait.Round(time.Millisecond), e.Obstacle)
}

// ErrStale says that a slot is more than 10 ms old and was given up. Another Turn
// gives another slot.
var ErrStale = errors.New("the slot is more than 10 ms old and was given up")
