package ratelimit

import (
	"log/slog"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// Kind is what a scope is.
type Kind string

// The kinds of scopes.
const (
	LaneKind     Kind = "lane"
	AccountKind  Kind = "account"
	CampaignKind Kind = "campaign"
	AllKind      Kind = "all" // there is one, Everything
)

// Everything is the scope of all that is sent. It has no limits, but it can be paused,
// and then nothing starts anywhere.
func Everything() Scope { return Scope{Kind: AllKind, Name: "sending"} }

// contains says that the other kind is the narrower one.
func (k Kind) contains(other Kind) bool {
	return k == AccountKind && other != AccountKind || k == LaneKind && other == CampaignKind
}

// Scope is a place where limits hold. All scopes of one kind and name are the same
// place, in every process; processes should agree on its limits. When limits are
// raised or added, what was booked before under the old ones may be forgotten already.
type Scope struct {
	Kind   Kind
	Name   string
	Limits Limits
}

// Lane is a lane's scope.
func Lane(l campaign.Lane, limits ...campaign.Limit) Scope {
	return Scope{LaneKind, l.String(), limits}
}

// Account is an account's scope; all its lanes share it.
func Account(name string, limits ...campaign.Limit) Scope {
	return Scope{AccountKind, name, limits}
}

// Campaign is a campaign's scope. It matters only if it has limits.
func Campaign(n campaign.Number, limits ...campaign.Limit) Scope {
	return Scope{CampaignKind, n.String(), limits}
}

// is says that both are the same place.
func (s Scope) is(other Scope) bool { return s.Kind == other.Kind && s.Name == other.Name }

func (s Scope) String() string { return string(s.Kind) + " " + s.Name }

// LogValue names the scope in logs.
func (s Scope) LogValue() slog.Value { return slog.StringValue(s.String()) }

// scopes are those that one request must suit, the lane first.
type scopes []Scope

// together gives the scopes of a request. A campaign that has no limits of its own is
// left out, for it is never held.
func together(lane, account, own Scope) scopes {
	if len(own.Limits) == 0 {
		return scopes{lane, account, Everything()}
	}
	return scopes{lane, account, Everything(), own}
}

// spacing is that of the slowest scope; 0: none has limits.
func (ss scopes) spacing() time.Duration {
	var d time.Duration
	for _, s := range ss {
		d = max(d, s.Limits.spacing())
	}
	return d
}

// perSecond is the pace of the slowest scope.
func (ss scopes) perSecond() float64 {
	pace := Limits(nil).PerSecond()
	for _, s := range ss {
		pace = min(pace, s.Limits.PerSecond())
	}
	return pace
}

// lot is how many slots one lease holds at most.
func (ss scopes) lot() int {
	n := most
	for _, s := range ss {
		n = min(n, s.Limits.lot())
	}
	return n
}

// bunch is how many slots of the i-th scope may follow one another faster than its own
// pace. Where a wider scope is faster, the slots of a lease come at that one's pace.
// Spaced by their own they would leave gaps in it that nobody can use, for slots are
// booked in order: two campaigns of 50/s could not fill a lane of 100/s.
func (ss scopes) bunch(i int) int {
	own := ss[i]
	for _, s := range ss {
		if s.Kind.contains(own.Kind) && len(s.Limits) > 0 && s.Limits.spacing() < own.Limits.spacing() {
			return own.Limits.lot()
		}
	}
	return 1
}

// arguments are what a script is told of the i-th scope: its spacing, how many windows
// it has, and each of them.
func (ss scopes) arguments(i int) []any {
	ws := ss[i].Limits.windows(ss.bunch(i))
	args := []any{ss[i].Limits.spacing().Microseconds(), len(ws)}
	for _, w := range ws {
		args = append(args, w.n, w.length.Microseconds())
	}
	return args
}
