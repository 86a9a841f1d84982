package simulator

import (
	"errors"
	"fmt"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// Scenario says how the providers behave, magic numbers apart. The zero Scenario is
// an ideal provider: it answers at once, delivers at once, and limits nothing.
type Scenario struct {
	Latency    Span              `yaml:"latency"`     // of an HTTP answer
	Throttled  float64           `yaml:"throttled"`   // share of requests answered 429, limits apart
	RetryAfter campaign.Duration `yaml:"retry_after"` // what such a 429 asks for; 0: 1s
	Outcomes   Outcomes          `yaml:"outcomes"`
	Receipts   Receipts          `yaml:"receipts"`
	Limits     Limits            `yaml:"limits"` // of each account
	Outages    []Outage          `yaml:"outages"`
	Hold       campaign.Duration `yaml:"hold"`       // how long an answer that never comes (0008) is waited for, until the connection is cut; 0: 1m
	Duplicates Duplicates        `yaml:"duplicates"` // what becomes of a message that was taken before
}

// Span is a time drawn evenly between two.
type Span struct {
	Min campaign.Duration `yaml:"min"`
	Max campaign.Duration `yaml:"max"`
}

// Outcomes are the odds of each channel.
type Outcomes struct {
	WhatsApp Odds `yaml:"whatsapp"`
	RCS      Odds `yaml:"rcs"`
	SMS      Odds `yaml:"sms"`
}

// Odds are shares of a channel's messages. What is not refused, undeliverable or
// silent is delivered.
type Odds struct {
	Refused       float64 `yaml:"refused"`       // answered "not accepted"
	Undeliverable float64 `yaml:"undeliverable"` // accepted, and later reported so
	Silent        float64 `yaml:"silent"`        // accepted, and never heard of again
	Read          float64 `yaml:"read"`          // share of the delivered; an SMS is never reported read
}

// Receipts says how what happens to messages is reported.
type Receipts struct {
	Delay   Span              `yaml:"delay"`   // from the answer, and from each receipt to the next kind
	Lost    float64           `yaml:"lost"`    // share of receipts that are never sent
	Doubled float64           `yaml:"doubled"` // share of receipts that are sent twice
	Tries   int               `yaml:"tries"`   // until a callback is given up; 0: 8
	Backoff campaign.Duration `yaml:"backoff"` // before the second try, doubled with each further; 0: 1s
	Timeout campaign.Duration `yaml:"timeout"` // for the receiver's answer; 0: 5s
}

// Limits are enforced in true sliding windows: what comes above is answered 429 until
// the oldest request that counts has left the window.
type Limits struct {
	Account  []campaign.Limit `yaml:"account"` // over all its channels
	WhatsApp []campaign.Limit `yaml:"whatsapp"`
	RCS      []campaign.Limit `yaml:"rcs"`
	SMS      []campaign.Limit `yaml:"sms"`
}

// Outage is a time, counted from when the scenario took effect, in which requests are
// answered 503, or not at all.
type Outage struct {
	From campaign.Duration `yaml:"from"`
	To   campaign.Duration `yaml:"to"`
	Cut  bool              `yaml:"cut"` // break the connection instead of answering
}

// DefaultScenario is a lively day: most people are reached, some only by the
// fallback, and no limit is set.
func DefaultScenario() Scenario {
	ms := func(n int) campaign.Duration { return campaign.Duration(time.Duration(n) * time.Millisecond) }
	return Scenario{
		Latency: Span{Min: ms(20), Max: ms(80)},
		Outcomes: Outcomes{
			WhatsApp: Odds{Refused: 0.02, Undeliverable: 0.06, Silent: 0.04, Read: 0.5},
			RCS:      Odds{Refused: 0.05, Undeliverable: 0.10, Silent: 0.05, Read: 0.3},
			SMS:      Odds{Refused: 0.005, Undeliverable: 0.03, Silent: 0.01},
		},
		Receipts: Receipts{Delay: Span{Min: ms(200), Max: ms(2000)}},
	}.withDefaults()
}

func (sc Scenario) withDefaults() Scenario {
	const second = campaign.Duration(time.Second)
	sc.RetryAfter = orElse(sc.RetryAfter, second)
	sc.Hold = orElse(sc.Hold, 60*second)
	sc.Receipts.Tries = orElse(sc.Receipts.Tries, 8)
	sc.Receipts.Backoff = orElse(sc.Receipts.Backoff, second)
	sc.Receipts.Timeout = orElse(sc.Receipts.Timeout, 5*second)
	return sc
}

func orElse[T comparable](v, def T) T {
	var zero T
	if v == zero {
		return def
	}
	return v
}

func (o Outcomes) of(ch campaign.Channel) Odds {
	return pick(ch, o.WhatsApp, o.RCS, o.SMS)
}

func (l Limits) of(ch campaign.Channel) []campaign.Limit {
	return pick(ch, l.WhatsApp, l.RCS, l.SMS)
}

func pick[T any](ch campaign.Channel, whatsapp, rcs, sms T) T {
	switch ch {
	case campaign.WhatsApp:
		return whatsapp
	case campaign.RCS:
		return rcs
	}
	return sms
}

// check names every mistake.
func (sc Scenario) check() error {
	var errs []error
	say := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	share := func(name string, v float64) {
		if v < 0 || v > 1 {
			say("%s: %v is no share: want 0 to 1", name, v)
		}
	}
	span := func(name string, s Span) {
		if s.Min < 0 || s.Max < s.Min {
			say("%s: from %v to %v is no span: want max at least min, min at least 0", name, s.Min, s.Max)
		}
	}
	positive := func(name string, d campaign.Duration) {
		if d < 0 {
			say("%s: %v is negative", name, d)
		}
	}
	span("latency", sc.Latency)
	share("throttled", sc.Throttled)
	positive("retry_after", sc.RetryAfter)
	positive("hold", sc.Hold)
	for _, ch := range campaign.Channels() {
		odds := sc.Outcomes.of(ch)
		name := "outcomes." + ch.String()
		share(name+".refused", odds.Refused)
		share(name+".undeliverable", odds.Undeliverable)
		share(name+".silent", odds.Silent)
		share(name+".read", odds.Read)
		if odds.Refused+odds.Undeliverable+odds.Silent > 1 {
			say("%s: refused, undeliverable and silent are more than 1 together", name)
		}
	}
	span("receipts.delay", sc.Receipts.Delay)
	share("receipts.lost", sc.Receipts.Lost)
	share("receipts.doubled", sc.Receipts.Doubled)
	positive("receipts.backoff", sc.Receipts.Backoff)
	positive("receipts.timeout", sc.Receipts.Timeout)
	if sc.Receipts.Tries < 0 {
		say("receipts.tries: %d is negative", sc.Receipts.Tries)
	}
	switch sc.Duplicates {
	case "", Refuses, Ignores, SendsTwice:
	default:
		say("duplicates: %q: want %s, %s or %s", sc.Duplicates, Refuses, Ignores, SendsTwice)
	}
	for i, o := range sc.Outages {
		if o.From < 0 || o.To <= o.From {
			say("outages[%d]: from %v to %v is no time: want to after from", i, o.From, o.To)
		}
	}
	return errors.Join(errs...)
}
