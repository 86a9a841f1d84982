package simulator

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// gate holds the windows of all accounts. It takes the time itself, under its lock,
// so that the times it compares never run backwards.
type gate struct {
	now func() time.Time

	mu     sync.Mutex
	scopes map[scopeKey]*scope
}

// scopeKey names what a limit holds for: one account's channel, or with no channel
// the account as a whole.
type scopeKey struct {
	provider, account string
	channel           campaign.Channel
}

func (k scopeKey) name() string {
	if k.channel == 0 {
		return "account"
	}
	return k.channel.String()
}

type scope struct {
	limits  []campaign.Limit // for which the windows were made
	windows []*window
}

// watched is the window in which every scope is observed, limited or not.
var watched = campaign.Limit{Window: time.Second}

func newGate(now func() time.Time) *gate {
	return &gate{now: now, scopes: map[scopeKey]*scope{}}
}

// arrive notes a request, and says when it came and how long it would have to wait to
// suit every limit. It counts against them only if that is no time at all and the
// caller has no other reason to turn it away.
func (g *gate) arrive(k scopeKey, l Limits, turnedAway bool) (at time.Time, wait time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	at = g.now()
	whole := scopeKey{provider: k.provider, account: k.account}
	return at, pass(at, turnedAway, g.windows(whole, l.Account), g.windows(k, l.of(k.channel)))
}

// ask does the same with a question, which concerns the account as a whole.
func (g *gate) ask(whole scopeKey, limits []campaign.Limit) (wait time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return pass(g.now(), false, g.windows(whole, limits))
}

func pass(at time.Time, turnedAway bool, windows ...[]*window) (wait time.Duration) {
	for _, ws := range windows {
		for _, w := range ws {
			w.see(at)
			if d := w.wait(at); d > 0 && !turnedAway {
				w.over++
				wait = max(wait, d)
			}
		}
	}
	if wait > 0 || turnedAway {
		return wait
	}
	for _, ws := range windows {
		for _, w := range ws {
			w.admit(at)
		}
	}
	return 0
}

// windows are the scope's, made anew where its limits changed.
func (g *gate) windows(k scopeKey, limits []campaign.Limit) []*window {
	s := g.scopes[k]
	if s == nil {
		s = &scope{windows: []*window{newWindow(watched)}}
		g.scopes[k] = s
	}
	if !slices.Equal(s.limits, limits) {
		s.change(limits)
	}
	return s.windows
}

func (s *scope) change(limits []campaign.Limit) {
	windows := s.windows[:1:1]
	for _, l := range limits {
		if i := slices.IndexFunc(s.windows, func(w *window) bool { return w.limit == l }); i >= 0 {
			windows = append(windows, s.windows[i])
		} else {
			windows = append(windows, newWindow(l))
		}
	}
	s.limits, s.windows = slices.Clone(limits), windows
}

// WindowStats tells what one window saw.
type WindowStats struct {
	Provider string `json:"provider"`
	Account  string `json:"account"`
	Scope    string `json:"scope"`           // account, whatsapp, rcs, sms
	Limit    string `json:"limit,omitempty"` // "50/1s"; absent: requests in any second, without a limit
	Worst    int    `json:"worst"`           // most requests in any one sliding window, answered 429 or not
	Over     int    `json:"overshoot"`       // requests answered 429 because of this limit
}

func (g *gate) stats() []WindowStats {
	g.mu.Lock()
	defer g.mu.Unlock()
	out := []WindowStats{}
	for k, s := range g.scopes {
		for _, w := range s.windows {
			st := WindowStats{Provider: k.provider, Account: k.account, Scope: k.name(), Worst: w.worst, Over: w.over}
			if w.limit.N > 0 {
				st.Limit = w.limit.String()
			}
			out = append(out, st)
		}
	}
	slices.SortFunc(out, func(a, b WindowStats) int {
		return cmp.Or(cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.Account, b.Account),
			cmp.Compare(a.Scope, b.Scope), cmp.Compare(a.Limit, b.Limit))
	})
	return out
}
