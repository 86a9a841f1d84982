package web

import (
	"math"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How often a login may be tried from one address. Behind a proxy all come from one.
const (
	attemptsAtOnce = 10
	attemptEvery   = 3 * time.Second
	mostPeers      = 4096 // addresses that are remembered; more share one
)

// attempts limits how often a login is tried, in bounded memory.
type attempts struct {
	now    func() time.Time
	mu     sync.Mutex
	peers  map[string]*rate.Limiter
	others *rate.Limiter // of all addresses that are not remembered
	swept  time.Time     // when room was made last
}

func newAttempts(now func() time.Time) *attempts {
	return &attempts{now: now, peers: map[string]*rate.Limiter{}, others: newLimiter()}
}

func newLimiter() *rate.Limiter { return rate.NewLimiter(rate.Every(attemptEvery), attemptsAtOnce) }

// begin says whether another attempt may be made, or in how many seconds.
func (a *attempts) begin(peer string) (wait string, allowed bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	l := a.peers[peer]
	if l == nil {
		l = a.remember(peer, now)
	}
	if l.AllowN(now, 1) {
		return "", true
	}
	seconds := math.Ceil((1 - l.TokensAt(now)) * attemptEvery.Seconds())
	return strconv.Itoa(max(1, int(seconds))), false
}

// remember makes room by forgetting who has had time enough, which is looked at now and then
// only: strangers shall not make it work.
func (a *attempts) remember(peer string, now time.Time) *rate.Limiter {
	if len(a.peers) >= mostPeers && now.Sub(a.swept) >= attemptsAtOnce*attemptEvery {
		a.swept = now
		for p, l := range a.peers {
			if l.TokensAt(now) >= attemptsAtOnce {
				delete(a.peers, p)
			}
		}
	}
	if len(a.peers) >= mostPeers {
		return a.others
	}
	a.peers[peer] = newLimiter()
	return a.peers[peer]
}

// succeed forgets what was tried before.
func (a *attempts) succeed(peer string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.peers, peer)
}
