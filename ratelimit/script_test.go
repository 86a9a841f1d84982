package ratelimit

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/store/redistest"
)

// play makes random calls of the scripts and of their twin, and compares.
type play struct {
	t       *testing.T
	random  *rand.Rand
	limiter *Limiter
	tape    *tape
	twin    twin
	jitter  float64 // what the limiter was told last
	lanes   []Scope
	account Scope
	own     []Scope
	blocks  []block // seen so far
	mark    uint64
	seen    map[string]int // what happened, to know that the test tests something
}

func newPlay(t *testing.T, client redis.UniversalClient) *play {
	p := &play{t: t, random: rand.New(rand.NewPCG(6, 11)), tape: record(client), twin: twin{}, seen: map[string]int{}}
	p.limiter = New(client, Options{Random: func() float64 { return p.jitter }})
	p.lanes = []Scope{
		lane(t, "qlara.whatsapp", "30/1s", "5/100ms"),
		lane(t, "qlara.sms", "40/50ms", "300/2s"),
		lane(t, "qlara.rcs"),
	}
	p.account = account(t, "60/1s")
	p.own = []Scope{
		{},
		{CampaignKind, "00000000aa", limits(t, "4/70ms")},
		{CampaignKind, "00000000bb", limits(t, "1/20ms", "50/3s")},
	}
	return p
}

// query draws a lane; sometimes its account is without limits, so that blocks grow.
func (p *play) query() Query {
	q := Query{Lane: p.lanes[p.random.IntN(3)], Account: p.account, Campaign: p.own[p.random.IntN(3)]}
	if p.random.IntN(3) == 0 {
		q.Account = Account("free")
	}
	return q
}

func (p *play) book() {
	waiting := p.random.IntN(30) + 1
	r := request{scopes: p.query().scopes(), waiting: waiting, want: min(waiting, p.random.IntN(12)+1), uncounted: p.random.IntN(8) / 7}
	got, err := p.limiter.book(context.Background(), r)
	p.check(err)
	want := p.twin.book(r, p.tape.time())
	p.blocks = append(p.blocks, got.blocks...)
	p.seen["cause "+string(got.obstacle.Cause)]++
	if len(got.slots) > 0 {
		p.seen["booked"]++
	}
	p.compare(r, got, want)
}

func (p *play) hold() {
	h := hold{scope: p.query().Lane, reason: fmt.Sprint("reason ", p.random.IntN(5)), steps: throttled}
	if p.random.IntN(3) == 0 {
		h.scope = p.account
	}
	if p.random.IntN(2) == 0 {
		h.span = time.Duration(p.random.IntN(60_000)+1) * time.Microsecond
	} else {
		h.steps = backoff{time.Millisecond, 20 * time.Millisecond}
	}
	p.jitter = p.random.Float64()
	p.check(p.limiter.hold(context.Background(), h))
	p.twin.hold(h, p.jitter, p.tape.time())
}

func (p *play) pause() {
	s, reason := p.query().Lane, fmt.Sprint("because ", p.random.IntN(5))
	_, err := p.limiter.call(context.Background(), pauseScript, []string{s.state()}, reason, "ann")
	p.check(err)
	p.twin.pause(s, reason, "ann", p.tape.time())
}

func (p *play) release() {
	for _, s := range p.lanes {
		p.check(p.limiter.Release(context.Background(), s))
		p.twin.release(s)
	}
}

// report speaks of a recent block, which may be over, and sometimes repeats itself.
func (p *play) report() {
	if len(p.blocks) == 0 {
		return
	}
	p.mark++
	recent := p.blocks[max(0, len(p.blocks)-4):]
	r := report{block: recent[p.random.IntN(len(recent))], mark: p.mark, ok: p.random.IntN(6), unused: p.random.IntN(10) / 9}
	p.check(p.limiter.report(context.Background(), r))
	p.twin.report(r, p.tape.time())
	if p.random.IntN(2) == 0 {
		p.check(p.limiter.report(context.Background(), r))
	}
}

func (p *play) status() {
	queries := []Query{p.query(), p.query()}
	got, err := p.limiter.Status(context.Background(), queries)
	p.check(err)
	for i, q := range queries {
		want := p.twin.status(q, p.tape.time())
		p.seen[fmt.Sprint("gentle ", got[i].Gentle)]++
		p.compare(q, got[i], want)
	}
}

func (p *play) check(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *play) compare(asked, got, want any) {
	p.t.Helper()
	if !reflect.DeepEqual(got, want) {
		p.t.Fatalf("at %v\nasked %+v\nthe script says %+v\nits twin says   %+v", p.tape.time(), asked, got, want)
	}
}

// step makes one call, mostly a booking.
func (p *play) step() {
	switch n := p.random.IntN(100); {
	case n < 60:
		p.book()
	case n < 64:
		p.hold()
	case n < 65:
		p.pause()
	case n < 69:
		p.release()
	case n < 90:
		p.report()
	default:
		p.status()
	}
}

func (p *play) sawAll() {
	p.t.Helper()
	for _, what := range []string{"booked", "cause limit", "cause held", "cause paused", "cause gentle", "cause ", "gentle 0", "gentle 1", "gentle 4", "gentle 32"} {
		if p.seen[what] == 0 {
			p.t.Errorf("the random calls never saw %q; they saw %v", what, p.seen)
		}
	}
}

func TestTwinAgreesWithScriptsOnToldTimes(t *testing.T) {
	t.Parallel()
	m, client := redistest.Mini(t)
	p := newPlay(t, client)
	now := time.UnixMicro(1_800_000_000_123_456)
	for range 6000 {
		switch n := p.random.IntN(1000); {
		case n < 3:
			now = now.Add(time.Duration(p.random.IntN(40)) * time.Second)
		case n < 100:
			now = now.Add(time.Duration(p.random.IntN(200)) * time.Millisecond)
		case n < 700:
			now = now.Add(time.Duration(p.random.IntN(20_000)) * time.Microsecond)
		}
		m.SetTime(now)
		p.step()
	}
	p.sawAll()
}

func TestTwinAgreesWithScriptsOnRealRedis(t *testing.T) {
	t.Parallel()
	p := newPlay(t, redistest.Real(t).Client(t))
	for range 3000 {
		p.step()
	}
	for _, what := range []string{"booked", "cause limit", "cause held", "cause gentle"} {
		if p.seen[what] == 0 {
			t.Errorf("the random calls never saw %q; they saw %v", what, p.seen)
		}
	}
}

// What Redis keeps is bounded: the logs by the largest N, and what holds nothing ends.
func TestKeysAreBounded(t *testing.T) {
	t.Parallel()
	client := redistest.Real(t).Client(t)
	l, ctx := New(client, Options{}), context.Background()
	q := Query{Lane: lane(t, "a.sms", "20/20ms", "7/10ms"), Account: account(t), Campaign: Scope{CampaignKind, "0", limits(t, "500/40ms")}}
	for range 40 {
		if _, err := l.book(ctx, request{scopes: q.scopes(), want: 50, waiting: 60}); err != nil {
			t.Fatal(err)
		}
	}
	if n := client.LLen(ctx, q.Lane.log()).Val(); n == 0 || n > 20 {
		t.Errorf("the lane's log holds %d slots, want 1 to 20", n)
	}
	admin := redistest.Admin(t, client)
	keys := admin.Keys(ctx, "*").Val()
	if !slices.Contains(keys, q.Lane.state()) {
		t.Errorf("keys are %q, want %q among them", keys, q.Lane.state())
	}
	for _, k := range keys {
		if ttl := admin.TTL(ctx, k).Val(); ttl <= 0 || ttl > time.Minute {
			t.Errorf("%s expires in %v, want at most a minute", k, ttl)
		}
	}
	if err := l.Hold(ctx, q.Lane, time.Hour, "429"); err != nil {
		t.Fatal(err)
	}
	if ttl := admin.TTL(ctx, q.Lane.state()).Val(); ttl != -1 {
		t.Errorf("a held lane's state expires in %v, want never", ttl)
	}
}
