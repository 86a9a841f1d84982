package store

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/store/redistest"
)

var (
	whatsapp = campaign.Lane{Account: "qlara", Channel: campaign.WhatsApp}
	sms      = campaign.Lane{Account: "qlara", Channel: campaign.SMS}
)

// ear is a process that watches receipts, by a clock that the test tells.
type ear struct {
	*Hearing
	t   *testing.T
	now time.Time
}

func listen(t *testing.T, client redis.UniversalClient, now time.Time) *ear {
	t.Helper()
	e := &ear{t: t, now: now}
	s, err := New(t.Context(), Options{Client: client, Now: func() time.Time { return e.now }})
	if err != nil {
		t.Fatal(err)
	}
	e.Hearing = s.NewHearing(HearingRules{}, whatsapp, sms)
	return e
}

func (e *ear) sent(n int) {
	for range n {
		e.Accepted(whatsapp)
	}
}

func (e *ear) flush(receives bool) {
	e.t.Helper()
	if err := e.Flush(e.t.Context(), receives); err != nil {
		e.t.Fatal(err)
	}
}

// silent is how the lane stands as another process sees it that has just begun.
func (e *ear) silent(client redis.UniversalClient, l campaign.Lane) (Silence, bool) {
	e.t.Helper()
	silences, err := listen(e.t, client, e.now).Silences(e.t.Context())
	if err != nil {
		e.t.Fatal(err)
	}
	s, silent := silences[l]
	return s, silent
}

// Ages are told, so that the real server's own clock does not matter: what is written
// down two minutes late happened two minutes ago.
func TestTooFewAndTooYoung(t *testing.T) {
	redistest.Each(t, func(t *testing.T, client redis.UniversalClient) {
		e := listen(t, client, time.Now())
		later := func(d time.Duration) { e.now = e.now.Add(d) }
		e.sent(49)
		later(2 * time.Minute)
		e.flush(false)
		if _, silent := e.silent(client, whatsapp); silent {
			t.Fatal("49 sends without a receipt are enough to stand still")
		}
		e.sent(1)
		later(59 * time.Second)
		e.flush(false)
		if _, silent := e.silent(client, whatsapp); silent {
			t.Fatal("50 sends, the last of them not a minute old, are enough")
		}
	})
}

// old is a lane on which so many sends were accepted two minutes ago.
func old(t *testing.T, client redis.UniversalClient, sends int) *ear {
	e := listen(t, client, time.Now())
	e.sent(sends)
	e.now = e.now.Add(2 * time.Minute)
	e.flush(false)
	return e
}

func TestSilence(t *testing.T) {
	redistest.Each(t, func(t *testing.T, client redis.UniversalClient) {
		e := old(t, client, 50)
		s, silent := e.silent(client, whatsapp)
		if !silent || !s.Back.IsZero() {
			t.Fatalf("after 50 sends and two minutes of silence: %+v, %t", s, silent)
		}
		if _, silent := e.silent(client, sms); silent {
			t.Error("the other lane stands still as well")
		}
		near(t, "since", s.Since, e.now.Add(-2*time.Minute))
		near(t, "until", s.Until, e.now.Add(-2*time.Minute+6*time.Hour))

		e.Heard(whatsapp)
		e.flush(false)
		s, silent = e.silent(client, whatsapp)
		if !silent {
			t.Fatal("with the first receipt waits go on at once")
		}
		near(t, "back", s.Back, e.now)
		near(t, "until, ten minutes after the first receipt", s.Until, e.now.Add(10*time.Minute))

		if err := e.GoOn(t.Context(), whatsapp); err != nil {
			t.Fatal(err)
		}
		waitUntil(t, "the lane to go on by a person's word", func() bool { // which is rounded to a millisecond
			_, silent := e.silent(client, whatsapp)
			return !silent
		})
	})
}

func TestAPersonsWordHoldsUntilAReceiptComes(t *testing.T) {
	redistest.Each(t, func(t *testing.T, client redis.UniversalClient) {
		e := old(t, client, 50)
		if err := e.GoOn(t.Context(), whatsapp); err != nil {
			t.Fatal(err)
		}
		e.sent(500)
		e.now = e.now.Add(2 * time.Minute)
		e.flush(false)
		if _, silent := e.silent(client, whatsapp); silent {
			t.Fatal("it stands still again, though no receipt has come that could stop")
		}
	})
}

func TestWhatWasHeardIsNotWondered(t *testing.T) {
	redistest.Each(t, func(t *testing.T, client redis.UniversalClient) {
		e := listen(t, client, time.Now())
		for range 100 { // sent in one second, each heard of within milliseconds, by another process
			e.sent(1)
			e.now = e.now.Add(5 * time.Millisecond)
		}
		other := listen(t, client, e.now)
		other.Heard(whatsapp)
		other.now = other.now.Add(2 * time.Minute)
		e.now = other.now
		other.flush(false) // the receipt is written down before the sends
		e.flush(false)
		if s, silent := e.silent(client, whatsapp); silent {
			t.Errorf("it stands still: %+v", s)
		}
	})
}

func near(t *testing.T, what string, got, want time.Time) {
	t.Helper()
	if d := got.Sub(want).Abs(); d > 2*time.Second {
		t.Errorf("%s: %s is %s off %s", what, got, d, want)
	}
}

// clocked is a house whose Redis has a clock that the test moves.
type clocked struct {
	*ear
	mini   *miniredis.Miniredis
	client redis.UniversalClient
}

func newClocked(t *testing.T) *clocked {
	mini, client := redistest.Mini(t)
	now := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	mini.SetTime(now)
	return &clocked{listen(t, client, now), mini, client}
}

func (c *clocked) pass(d time.Duration) {
	c.now = c.now.Add(d)
	c.mini.SetTime(c.now)
}

// beating passes time in which callbacks are taken.
func (c *clocked) beating(d time.Duration) {
	for ; d > 0; d -= time.Second {
		c.pass(min(d, time.Second))
		c.flush(true)
	}
}

func (c *clocked) stands() bool {
	c.t.Helper()
	_, silent := c.silent(c.client, whatsapp)
	return silent
}

func TestTheCourseOfASilence(t *testing.T) {
	c := newClocked(t)
	c.Heard(whatsapp)
	c.flush(false)
	c.pass(time.Hour)
	c.sent(50)
	c.flush(false)
	for _, step := range []struct {
		what   string
		pass   time.Duration
		do     func()
		stands bool
	}{
		{"59 s after 50 sends", 59 * time.Second, nil, false},
		{"a minute after", time.Second, nil, true},
		{"nearly six hours after", 6*time.Hour - time.Minute - time.Second, nil, true},
		{"six hours after", time.Second, nil, false},
		{"many more sends, and still no receipt", time.Hour, func() { c.sent(1000) }, false},
		{"a receipt, and then nothing again", time.Minute, func() { c.Heard(whatsapp) }, false},
		{"50 sends", 2 * time.Second, func() { c.sent(50) }, false},
		{"a minute after them", time.Minute, nil, true},
		{"a receipt", time.Minute, func() { c.Heard(whatsapp) }, true},
		{"nearly ten minutes later", 10*time.Minute - time.Second, nil, true},
		{"ten minutes later", time.Second, nil, false},
	} {
		c.pass(step.pass)
		if step.do != nil {
			step.do()
			c.flush(false)
		}
		if got := c.stands(); got != step.stands {
			t.Errorf("%s: stands still %t, want %t", step.what, got, step.stands)
		}
	}
}

// A process that takes callbacks was away: for so long again waits stand still, for who
// was sent before.
func TestAGapOfTheReceiver(t *testing.T) {
	for _, gap := range []struct{ away, counts time.Duration }{
		{4 * time.Second, 0},
		{30 * time.Second, 30 * time.Second},
		{2 * time.Hour, 15 * time.Minute},
	} {
		c := newClocked(t)
		c.flush(true)
		begun := c.now
		c.pass(gap.away)
		if want := gap.away >= 5*time.Second && gap.away < 15*time.Minute; c.stands() != want {
			t.Errorf("%s away, and still: stands still %t, want %t", gap.away, !want, want)
		}
		c.flush(true)
		back := c.now
		stills, err := listen(t, c.client, c.now).Stills(t.Context(), whatsapp)
		if err != nil {
			t.Fatal(err)
		}
		if gap.counts == 0 {
			if len(stills) != 0 {
				t.Errorf("%s away: %+v, want nothing", gap.away, stills)
			}
			continue
		}
		want := []fallback.Still{{From: begun, Until: begun.Add(gap.counts), Back: back}, {From: back, Until: back.Add(gap.counts), Back: back}}
		if len(stills) != 2 || stills[0] != want[0] || stills[1] != want[1] {
			t.Errorf("%s away: %+v, want %+v", gap.away, stills, want)
		}
		c.beating(gap.counts - time.Second)
		if !c.stands() {
			t.Errorf("%s away: it does not stand still %s after", gap.away, gap.counts-time.Second)
		}
		c.beating(time.Second)
		if c.stands() {
			t.Errorf("%s away: it stands still %s after", gap.away, gap.counts)
		}
	}
}

func TestNobodyEverTookCallbacks(t *testing.T) {
	c := newClocked(t)
	c.pass(24 * time.Hour)
	if c.stands() {
		t.Error("it stands still without any process that takes callbacks")
	}
}

func TestNewsOutlastsARedisThatIsAway(t *testing.T) {
	c := newClocked(t)
	c.sent(30)
	c.mini.SetError("LOADING Redis is away")
	if err := c.Flush(t.Context(), true); err == nil {
		t.Fatal("written while Redis is away")
	}
	c.sent(20)
	c.mini.SetError("")
	c.flush(false)
	c.pass(time.Minute)
	if !c.stands() {
		t.Error("what could not be written was forgotten")
	}
}

func TestNothingIsExpectedOfOtherLanes(t *testing.T) {
	c := newClocked(t)
	rcs := campaign.Lane{Account: "qlara", Channel: campaign.RCS}
	for range 100 {
		c.Accepted(rcs)
	}
	c.flush(false)
	c.pass(time.Hour)
	if _, silent := c.silent(c.client, rcs); silent {
		t.Error("a lane stands still of which no receipt is expected")
	}
}

// People are told once when a lane falls silent, when it is heard again, and when its
// waits go on; of a gap of our own they need not know.
func TestPeopleAreToldOfASilence(t *testing.T) {
	c := newClocked(t)
	var said bytes.Buffer
	c.log = slog.New(slog.NewTextHandler(&said, nil))
	told := map[campaign.Lane]Silence{}
	tell := func(want string) {
		t.Helper()
		said.Reset()
		c.picture.forget()
		for range 3 {
			told = c.alert(t.Context(), told)
		}
		if got := strings.Count(said.String(), "\n"); want == "" && got != 0 || want != "" && (got != 1 || !strings.Contains(said.String(), want)) {
			t.Errorf("it said\n%swant once %q", said.String(), want)
		}
	}
	tell("")
	c.flush(true)
	c.pass(time.Minute)
	c.flush(true) // a gap of our own
	tell("")
	c.sent(50)
	c.beating(10 * time.Minute)
	tell("receipts stopped")
	c.Heard(whatsapp)
	c.beating(time.Minute)
	tell("receipts come again")
	c.beating(10 * time.Minute)
	tell("waits go on")
}
