package simulator

import (
	"slices"
	"sync"
	"time"
)

// tale is what is going to happen to a message that was taken. It is expected from
// the moment of the decision, and begins when it is told to, once.
type tale struct {
	s     *Simulator
	round *round        // nil: nothing will happen, or it has begun
	first chan struct{} // closed once the first news was tried; nil if there is none
}

// tale prepares what follows from the verdict; nothing follows from a request that was
// not taken. What waits for an escalation is parked.
func (s *Simulator) tale(c *call, v verdict, rec *record, gap time.Duration) *tale {
	t := &tale{s: s}
	if !v.taken {
		return t
	}
	news := v.fate.reports(c.message, v.fate.story(c.message, gap), &c.setting.scenario.Receipts, c.dice)
	if len(news) == 0 {
		return t
	}
	about := about{dialect: c.dialect, account: c.account, message: c.message, key: c.key, record: rec}
	about.message.content = nil // it may be long until the last receipt
	t.first = make(chan struct{})
	t.round = &round{news: news, about: about, firstTold: t.first}
	s.journal.expect(rec, len(news))
	if v.fate.end == late {
		s.parked.park(s.personOf(c), t)
		return &tale{s: s}
	}
	s.postman.promise()
	return t
}

// begin says when the first news comes; the rest follows at its distance.
func (t *tale) begin(first time.Time) {
	r := t.round
	if r == nil {
		return
	}
	t.round = nil
	if r.about.message.notBefore.After(first) {
		first = r.about.message.notBefore
	}
	r.begin = first
	t.s.postman.put(r)
}

// parked keeps the tales that wait for their person to be tried on another channel.
type parked struct {
	mu    sync.Mutex
	tales map[fingerprint][]*tale
}

func newParked() *parked { return &parked{tales: map[fingerprint][]*tale{}} }

func (p *parked) park(person fingerprint, t *tale) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tales[person] = append(p.tales[person], t)
}

// escalate takes out what waited for the person to be tried on a channel other than
// its own. From now on it is expected, and the caller has to begin it.
func (p *parked) escalate(person fingerprint, next message) *tale {
	p.mu.Lock()
	defer p.mu.Unlock()
	waiting := p.tales[person]
	i := slices.IndexFunc(waiting, func(t *tale) bool { return t.round.about.message.escalatesTo(next) })
	if i < 0 {
		return &tale{}
	}
	t := waiting[i]
	if p.tales[person] = slices.Delete(waiting, i, i+1); len(waiting) == 1 {
		delete(p.tales, person)
	}
	t.s.postman.promise()
	return t
}

// escalatesTo says whether the next message to the same person is the same campaign's,
// as far as the provider was told, on another channel.
func (m message) escalatesTo(next message) bool {
	same := m.campaignID == next.campaignID || m.campaignID == "" || next.campaignID == ""
	return same && m.channel != next.channel
}
