package fallback

import (
	"fmt"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// News is what a move tells those outside who asked to be told. It is small, for much of it
// may wait; what else there is to say is in the record, when it is said.
type News struct {
	Message campaign.MessageID
	Kind    NewsKind
	Phase   Phase     // after the move
	Leg     uint8     // after the move; escalated: the leg that was left
	Next    uint8     // escalated: the leg that comes now
	Try     uint8     // a message that is retried is closed once more
	At      time.Time // when it happened
}

// NewsKind is what kind of news it is.
type NewsKind uint8

// The kinds of news.
const (
	NewsClosed    NewsKind = iota + 1 // the message moves no more, unless an operator retries it
	NewsEscalated                     // a leg ended without success, and the next begins
	NewsLate                          // a closed message was delivered after all
	newsCount
)

var newsNames = [newsCount]string{"", "closed", "escalated", "late"}

func (k NewsKind) String() string { return newsNames[k] }

// Known says whether k is one of the kinds above.
func (k NewsKind) Known() bool { return k > 0 && k < newsCount }

// ID is the same for the same news, whoever computes it, and for no other: it ends with when
// it happened, in ms, for a message that was forgotten may come once more under its own id.
func (n News) ID() string {
	return fmt.Sprintf("%s_%s_%d", n.Kind, n.Message.Attempt(int(n.Leg), int(n.Try)), n.At.UnixMilli())
}

// NewsOf is what a record's way from before to after tells. Of a person whose data is
// erased nothing is told.
func NewsOf(before, after *Record) (n News, told bool) {
	was, is := before.State, after.State
	n = News{Message: after.ID, Phase: is.Phase, Leg: is.Leg, Try: is.Try}
	switch {
	case is.Marks.Has(Erased):
		return News{}, false
	case was.Phase.Open() && !is.Phase.Open():
		n.Kind, n.At = NewsClosed, after.Closed
	case is.Phase.Open() && is.Leg > was.Leg && is.Try == was.Try:
		n.Kind, n.Leg, n.Next, n.At = NewsEscalated, was.Leg, is.Leg, lastReport(after)
	case !is.Phase.Open() && is.Marks.Has(Late) && !was.Marks.Has(Late):
		n.Kind, n.At = NewsLate, lastReport(after)
	default:
		return News{}, false
	}
	return n, true
}

// lastReport is when something was last told of an attempt, or else when it was sent.
func lastReport(r *Record) time.Time {
	at := r.Time
	for i := range r.History {
		a := &r.History[i]
		for _, told := range []time.Time{a.Claimed, a.Reported} {
			if told.After(at) {
				at = told
			}
		}
	}
	return at
}
