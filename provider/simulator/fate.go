package simulator

import (
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// fate is what becomes of a message, decided before it is answered. The zero fate is
// taken, answered and delivered.
type fate struct {
	refused   string // why; "": it is taken
	end       ending
	read      bool // after it was delivered
	optsOut   bool // the person answers STOP
	throttles int  // requests answered 429 before it is taken
	tryLaters int  // requests answered "try later" before it is taken
	lost      loss // of the first request, before it is taken
	manner    manner
	copies    int // of each receipt; 0: one
	reversed  bool
	chance    bool // receipts may be lost or doubled
	untold    bool // no receipt is ever sent
	hidden    bool // who asks is not told either

	settled campaign.Channel // of a chain: where it ends; 0: on the message's own
	passed  []passage        // of a chain: before that
}

// loss is how a request is lost on its way in.
type loss uint8

const (
	notLost    loss = iota
	cutOff          // the connection breaks
	timedOutBy      // a gateway answers 504
)

// The reasons of refusals that a provider has words of its own for.
const (
	invalidNumber = "invalid number"
	tooLong       = "message too long"
)

type ending uint8

const (
	delivered ending = iota
	undeliverable
	silent
	late // silent until the person is tried on another channel
)

// manner is how the request is answered.
type manner uint8

const (
	answersAtOnce manner = iota
	answersAfterNews
	neverAnswers
	cutsOff   // at once, instead of the answer
	badAnswer // a gateway answers 502 in its place
)

// decide says what becomes of a message, by its number or else by chance.
func decide(sc *Scenario, d dice, m message) fate {
	if n := trickNumber(m.to); n > 0 {
		f := tricks[n-1].fates
		return pick(m.channel, f[0], f[1], f[2])
	}
	odds := sc.Outcomes.of(m.channel)
	f := fate{chance: true}
	switch u := d.roll("outcome", 0); {
	case u < odds.Refused:
		f.refused = "recipient not reachable on this channel"
	case u < odds.Refused+odds.Undeliverable:
		f.end = undeliverable
	case u < odds.Refused+odds.Undeliverable+odds.Silent:
		f.end = silent
	default:
		f.read = d.roll("read", 0) < odds.Read
	}
	return f
}

// news is one thing that happens to a message. Its times count from the first.
type news struct {
	kind kind
	part int              // of an SMS, counted from 1; else 0
	when time.Duration    // it happens
	told time.Duration    // it is reported
	mute bool             // it happens, and is not reported
	echo bool             // reported once more; it happened before
	on   campaign.Channel // of a chain; 0: the message's own
	past bool             // the chain went on after it
}

// kind is what is reported.
type kind uint8

const (
	isDelivered kind = iota
	isUndeliverable
	isRead
	isStop // inbound, from the person
	isSent // it left the provider
)

var kindNames = [...]string{"delivered", "undeliverable", "read", "stop", "sent"}

func (k kind) String() string { return kindNames[k] }

// delays are the times from the answer to the first news, and from each kind of news
// to the next.
func (sc *Scenario) delays(d dice) (first, next time.Duration) {
	return d.between(sc.Receipts.Delay, "delay", 0), d.between(sc.Receipts.Delay, "delay", 1)
}

// story is all that is going to happen to the message, in the order in which it is
// reported. gap is the time from one kind of news to the next.
func (f fate) story(m message, gap time.Duration) []news {
	var story []news
	var now time.Duration
	tell := func(k kind, part int) {
		story = append(story, news{kind: k, part: part, when: now, told: now, on: f.settled})
	}
	for _, p := range f.passed {
		switch p.end {
		case undeliverable:
			story = append(story, news{kind: isUndeliverable, when: now, told: now, on: p.on, past: true})
			now += gap
		case late:
			story = append(story, news{kind: isDelivered, when: now, told: now, on: p.on, past: true})
			now += gap
		}
	}
	m = m.on(f.settled)
	outcome := isDelivered
	switch f.end {
	case silent:
		return story
	case undeliverable:
		outcome = isUndeliverable
	}
	if m.steps {
		tell(isSent, 0)
		now += gap
	}
	if m.eachPart {
		for part := range m.parts {
			tell(outcome, part+1)
		}
	} else {
		tell(outcome, 0)
	}
	if f.read && m.reads {
		now += gap
		tell(isRead, 0)
	}
	if f.optsOut {
		now += gap
		tell(isStop, 0)
	}
	if f.reversed {
		reverse(story)
	}
	return story
}

// reverse turns the order in which news is reported, not when it happened.
func reverse(story []news) {
	for i, j := 0, len(story)-1; i < j; i, j = i+1, j-1 {
		story[i], story[j] = story[j], story[i]
		story[i].told, story[j].told = story[j].told, story[i].told
	}
}

// reports adds the copies, and mutes what is lost or not wanted. An opt-out is the
// person's own message: it is neither a receipt that can be switched off nor lost.
func (f fate) reports(m message, story []news, r *Receipts, d dice) []news {
	var out []news
	for i, n := range story {
		copies := max(1, f.copies)
		if f.chance {
			n.mute = d.roll("lost", i) < r.Lost
			if d.roll("doubled", i) < r.Doubled {
				copies = 2
			}
		}
		n.mute = n.mute || f.untold || m.quiet && n.kind != isStop
		for range copies {
			out = append(out, n)
			n.echo = true
		}
	}
	return out
}
