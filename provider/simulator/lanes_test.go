package simulator

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// What is told after an accepted request, on the channel where most is told. "undeliverable"
// stands for the channels in fails, and "delivered" for the others.
func TestMagicNumbersOnEveryLane(t *testing.T) {
	t.Parallel()
	whole := []string{"sent", "OUTCOME"}
	for _, m := range []struct {
		tail  string
		fails []campaign.Channel
		told  []string
	}{
		{tail: "0002", told: whole, fails: []campaign.Channel{wa}},
		{tail: "0003", told: whole, fails: []campaign.Channel{wa, rcs}},
		{tail: "0004"},
		{tail: "0009", told: strings.Fields("sent sent sent OUTCOME OUTCOME OUTCOME read read read")},
		{tail: "0010", told: strings.Fields("read OUTCOME sent")},
		{tail: "0011", told: whole},
		{tail: "0012", told: strings.Fields("sent OUTCOME STOP")},
		{tail: "0013", told: whole, fails: campaign.Channels()},
		{tail: "0014", told: strings.Fields("sent OUTCOME read")},
		{tail: "7777", told: whole},
	} {
		eachLane(t, func(t *testing.T, c caller, ch campaign.Channel) {
			w := start(t, Options{})
			if a := w.by(c, c.order(ch, number(m.tail), "m-1")); !c.accepted(ch, a) {
				t.Fatalf("%s: answered %d %s, want it accepted", m.tail, a.Status, a.Text)
			}
			w.drain()
			outcome := "delivered"
			if slices.Contains(m.fails, ch) {
				outcome = "undeliverable"
			}
			want := []string{}
			for _, word := range m.told {
				if word == "sent" && !c.steps || word == "read" && !c.reads(ch) {
					continue
				}
				want = append(want, strings.Replace(word, "OUTCOME", outcome, 1))
			}
			if got := w.heardBy(c); !slices.Equal(got, want) {
				t.Errorf("%s: heard %q, want %q", m.tail, got, want)
			}
		})
	}
}

func TestRefusedOnEveryLane(t *testing.T) {
	t.Parallel()
	eachLane(t, func(t *testing.T, c caller, ch campaign.Channel) {
		w := start(t, Options{})
		if a := w.by(c, c.order(ch, number("0001"), "m-1")); c.accepted(ch, a) || a.Status != c.refused(ch) {
			t.Errorf("answered %d %s, want a refusal as %d", a.Status, a.Text, c.refused(ch))
		}
		w.drain()
		wantAnswers(t, w, "refused")
		if got := w.heardBy(c); len(got) != 0 {
			t.Errorf("heard %q of a message that was refused", got)
		}
	})
}

func TestThrottledAndTryLaterOnEveryLane(t *testing.T) {
	t.Parallel()
	eachLane(t, func(t *testing.T, c caller, ch campaign.Channel) {
		w := start(t, Options{Scenario: Scenario{RetryAfter: campaign.Duration(3 * time.Second)}})
		if a := w.by(c, c.order(ch, number("0006"), "m-1")); a.Status != 429 || a.Header.Get("Retry-After") != "3" {
			t.Errorf("0006: %d, Retry-After %q, want 429 and 3", a.Status, a.Header.Get("Retry-After"))
		}
		if a := w.by(c, c.order(ch, number("0006"), "m-1")); !c.accepted(ch, a) {
			t.Errorf("0006 again: %d %s, want it accepted", a.Status, a.Text)
		}
		for range 2 {
			if a := w.by(c, c.order(ch, number("0007"), "m-2")); a.Status != c.tryLater(ch) || c.accepted(ch, a) {
				t.Errorf("0007: %d %s, want %d", a.Status, a.Text, c.tryLater(ch))
			}
		}
		if a := w.by(c, c.order(ch, number("0007"), "m-2")); !c.accepted(ch, a) {
			t.Errorf("0007 at last: %d %s, want it accepted", a.Status, a.Text)
		}
		wantAnswers(t, w, "throttled", "taken_as_new", "unavailable", "unavailable", "taken_as_new")
		if r := w.log()[4]; r.Provider != c.name || r.Channel != ch || r.MessageID != "m-2" || r.Magic != "0007" {
			t.Errorf("logged %+v, want %s.%s and m-2", r, c.name, ch)
		}
	})
}

func TestAnswerNeverComesOnEveryLane(t *testing.T) {
	t.Parallel()
	eachLane(t, func(t *testing.T, c caller, ch campaign.Channel) {
		w := start(t, Options{})
		ctx, leave := context.WithCancel(t.Context())
		w.receiver.seen = func(told) { leave() }
		p := c.order(ch, number("0008"), "m-1")
		_, err := w.do("POST", p.path, p.body, c.sign, p.typed, func(r *http.Request) { *r = *r.WithContext(ctx) })
		if err == nil {
			t.Error("an answer came")
		}
		w.drain()
		wantAnswers(t, w, "no_answer")
		if got := w.heardBy(c); !slices.Contains(got, "delivered") {
			t.Errorf("heard %q, want delivered", got)
		}
	})
}

func TestLateWhatsAppOfEveryProvider(t *testing.T) {
	t.Parallel()
	for _, c := range callers {
		w := start(t, Options{Scenario: delayed(20 * time.Millisecond)})
		w.by(c, c.order(wa, number("0005"), "m-wa"))
		w.drain()
		if got := w.heardBy(c); len(got) != 0 {
			t.Errorf("%s: before the escalation heard %q, want nothing", c.name, got)
		}
		w.by(c, c.order(sms, number("0005"), "m-sms"))
		w.drain()
		var delivered int
		for _, word := range w.heardBy(c) {
			if word == "delivered" {
				delivered++
			}
		}
		if delivered != 2 || len(w.log()[0].Callbacks) == 0 {
			t.Errorf("%s: after it heard %q, want both delivered", c.name, w.heardBy(c))
		}
	}
}

func TestCredentialsOfEveryProvider(t *testing.T) {
	t.Parallel()
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	w := start(t, Options{})
	for _, c := range []struct {
		caller caller
		sign   func(*http.Request)
		want   bool
	}{
		{infobipCaller, header("Authorization", "App key"), true},
		{infobipCaller, header("Authorization", "App bad-key"), false},
		{infobipCaller, header("Authorization", "key"), false},
		{infobipCaller, header("Authorization", "Bearer key"), false},
		{kaleyraCaller, header("api-key", "key"), true},
		{kaleyraCaller, header("api-key", "bad"), false},
		{kaleyraCaller, header("Authorization", "key"), false},
		{wabCaller, func(r *http.Request) { r.SetBasicAuth("app", "password") }, true},
		{wabCaller, func(r *http.Request) { r.SetBasicAuth("bad-app", "password") }, false},
		{wabCaller, func(r *http.Request) { r.SetBasicAuth("app", "") }, false},
		{wabCaller, header("Authorization", "Basic app:password"), false},
	} {
		for _, ch := range c.caller.channels {
			c.caller.sign = c.sign
			a := w.by(c.caller, c.caller.order(ch, number("7777"), "m-1"))
			if got := c.caller.accepted(ch, a); got != c.want || !c.want && a.Status != 401 {
				t.Errorf("%s.%s: %d %s, want let in %t, or 401", c.caller.name, ch, a.Status, a.Text, c.want)
			}
		}
	}
}

func TestOutageOfEveryProvider(t *testing.T) {
	t.Parallel()
	w := start(t, Options{Scenario: Scenario{Outages: []Outage{{To: campaign.Duration(time.Hour)}}}})
	for _, c := range callers {
		for _, ch := range c.channels {
			if a := w.by(c, c.order(ch, number("7777"), "m-1")); a.Status != 503 {
				t.Errorf("%s.%s: %d, want 503", c.name, ch, a.Status)
			}
		}
	}
}

// Chance refuses in other words than a wrong number: the person is not on that channel.
func TestChanceRefusesInEachProvidersWords(t *testing.T) {
	t.Parallel()
	never := Odds{Refused: 1}
	sc := Scenario{Outcomes: Outcomes{WhatsApp: never, RCS: never, SMS: never}}
	for name, want := range map[string]string{
		"infobip": "UNDELIVERABLE_NOT_DELIVERED", "kaleyra": `"to":"recipient not reachable`, "wab": "(#131026)",
	} {
		w := start(t, Options{Scenario: sc})
		for _, c := range callers {
			if c.name != name {
				continue
			}
			if a := w.by(c, c.order(wa, number("7777"), "m-1")); c.accepted(wa, a) || !strings.Contains(string(a.Text), want) {
				t.Errorf("%s: %d %s, want %q", name, a.Status, a.Text, want)
			}
		}
	}
}
