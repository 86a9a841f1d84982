package web

import (
	"math"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How many wrong tokens from one address are told one by one. Behind a proxy all come from
// one.
const (
	wrongAtOnce = 10
	wrongEvery  = 3 * time.Second
	mostPeers   = 4096 // addresses that are remembered; more share one
)

// wrongTokens limits how many failed logins are told, in bounded memory.
type wrongTokens struct {
	now    func() time.Time
	mu     sync.Mutex
	peers  map[string]*rate.Limiter
	others *rate.Limiter // of all addresses that are not remembered
	swept  time.Time     // when room was made last
}

func newWrongTokens(now func() time.Time) *wrongTokens {
	return &wrongTokens{now: now, peers: map[string]*rate.Limiter{}, others: newLimiter()}
}

func newLimiter() *rate.Limiter { return rate.NewLimiter(rate.Every(wrongEvery), wrongAtOnce) }

// note says whether another one is to be told, or in how many seconds one will be.
func (t *wrongTokens) note(peer string) (wait string, allowed bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	l := t.peers[peer]
	if l == nil {
		l = t.remember(peer, now)
	}
	if l.AllowN(now, 1) {
		return "", true
	}
	seconds := math.Ceil((1 - l.TokensAt(now)) * wrongEvery.Seconds())
	return strconv.Itoa(max(1, int(seconds))), false
}

// remember makes room by forgetting who has had time enough, which is looked at now and then
// only: strangers shall not make it work.
func (t *wrongTokens) remember(peer string, now time.Time) *rate.Limiter {
	if len(t.peers) >= mostPeers && now.Sub(t.swept) >= wrongAtOnce*wrongEvery {
		t.swept = now
		for p, l := range t.peers {
			if l.TokensAt(now) >= wrongAtOnce {
				delete(t.peers, p)
			}
		}
	}
	if len(t.peers) >= mostPeers {
		return t.others
	}
	t.peers[peer] = newLimiter()
	return t.peers[peer]
}
