package webhook

import (
	"context"
	"time"
)

// Box is where letters to one receiver lie: those of a part of a campaign, or what people
// wrote.
type Box struct{ Name, Receiver string }

// Letter is one thing that a receiver is told.
type Letter struct {
	Key     string    // by which its box knows it
	ID      string    // the header webhook-id: the same however often it is sent
	Written time.Time // when what it tells happened
	Body    []byte    // nil: there is nothing to tell any more, so that it is dropped
}

// Outcome is what became of a letter.
type Outcome struct {
	Key   string
	Fate  Fate
	Again time.Time // kept: when it is due again
}

// Fate is where a letter stands after a try.
type Fate uint8

// The fates. All but the first take it out of its box, and are counted.
const (
	Kept      Fate = iota
	Delivered      // the receiver took it
	GivenUp        // nobody took it for as long as it lasts
	Dropped        // the person was erased, or the message forgotten
)

// State is how a receiver stands; the zero State is that of one that is well.
type State struct {
	Failing time.Time // since when it has taken nothing
	Held    time.Time // it is left alone until then
	Gone    time.Time // when it said 410: it is sent nothing until a person says so
	Error   string    // what it said last, or why nothing could be said to it
}

// Boxes is what the post asks of the ledger.
type Boxes interface {
	// Due gives the boxes in which a letter is due, and how long nothing else will be;
	// negative: there are no others.
	Due(ctx context.Context) (boxes []Box, next time.Duration, err error)
	// Take gives up to n letters that are due, and keeps them from others for a time.
	Take(ctx context.Context, b Box, n int, keep time.Duration) ([]Letter, error)
	// Settle says what became of letters. It may be said twice.
	Settle(ctx context.Context, b Box, list []Outcome) error
	// Rest has the box not be due before a time, unless a letter comes.
	Rest(ctx context.Context, b Box, until time.Time) error
	// State gives how a receiver stands, and Note keeps it.
	State(ctx context.Context, receiver string) (State, error)
	Note(ctx context.Context, receiver string, s State) error
}
