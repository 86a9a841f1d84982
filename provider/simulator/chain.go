package simulator

import (
	"slices"

	"github.com/seed-438792ba/cascade/campaign"
)

// link is one channel of the provider's own fallback, behind the message's.
type link struct {
	channel  campaign.Channel
	from     string
	parts    int
	unicode  bool
	eachPart bool // each part of an SMS is reported
}

// linkSMS is a fallback SMS.
func linkSMS(from, text string, eachPart bool) link {
	l := link{channel: campaign.SMS, from: from, eachPart: eachPart}
	l.parts, l.unicode = smsParts(text)
	return l
}

// on is the message as it goes over a channel of its chain; 0 is its own.
func (m message) on(ch campaign.Channel) message {
	i := slices.IndexFunc(m.also, func(l link) bool { return l.channel == ch })
	if i < 0 {
		return m
	}
	l := m.also[i]
	m.channel, m.parts, m.unicode, m.eachPart = l.channel, l.parts, l.unicode, l.eachPart
	m.reads = ch != campaign.SMS
	if l.from != "" {
		m.from = l.from
	}
	return m
}

// passage is a channel that a chain went past, and how it ended there.
type passage struct {
	on  campaign.Channel
	end ending
}

// chained walks the provider's chain: a channel that does not deliver makes way for the
// next, and the fate is that of the channel which settles it. How the request is met (429,
// lost, answered late) is the first channel's. No provider documents when it goes on: here
// it is at once.
func (s *Simulator) chained(c *call, f fate) fate {
	first := f
	for _, next := range c.message.also {
		if first.refused == invalidNumber || f.refused == "" && f.end == delivered {
			break
		}
		if f.refused == "" {
			first.passed = append(first.passed, passage{c.message.on(first.settled).channel, f.end})
		}
		f = decide(&c.setting.scenario, newDice(s.opts.Seed, c.message.id+next.channel.String()), c.message.on(next.channel))
		if f.refused != "" {
			f.end = undeliverable
		}
		first.refused, first.end, first.read, first.settled = "", f.end, f.read, next.channel
	}
	return first
}
