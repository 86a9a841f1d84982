package simulator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
	"unique"

	"github.com/google/uuid"

	"github.com/seed-438792ba/cascade/campaign"
)

// call is one request to send a message, from its arrival to its answer.
type call struct {
	dialect  dialect
	setting  *setting
	account  string
	known    bool
	at       time.Time
	wait     time.Duration // to suit the limits
	outage   *Outage
	message  message
	problems []string
	status   int // that the problems deserve
	key      fingerprint
	dice     dice
}

// longest is the largest request that is read.
const longest = 1 << 20

// send is the handler of a path at which messages are handed over.
func (s *Simulator) send(d dialect, at desk) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := s.arrive(d, at.channel, r)
		s.read(&c, at, r)
		v := s.judge(&c)
		rec := s.journal.open(s.recordOf(&c, v))
		s.answer(w, r, &c, v, rec)
	}
}

// arrive takes the time and the turn, before anything slow.
func (s *Simulator) arrive(d dialect, ch campaign.Channel, r *http.Request) call {
	c := call{dialect: d, setting: s.setting.Load()}
	c.account, c.known = s.account(d.credential(r))
	c.outage = c.setting.outageAt(s.now())
	scope := scopeKey{provider: d.card().Name, account: c.account, channel: ch}
	c.at, c.wait = s.gate.arrive(scope, c.setting.scenario.Limits, !c.known || c.outage != nil)
	return c
}

func (s *Simulator) read(c *call, at desk, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, longest))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		c.status, c.problems = http.StatusRequestEntityTooLarge, []string{"body: more than 1 MiB"}
	case err != nil:
		c.status, c.problems = http.StatusBadRequest, []string{"body: it did not arrive whole"}
	default:
		c.message, c.problems = at.read(body)
		c.status = http.StatusBadRequest
	}
	if !isMedia(r.Header.Get("Content-Type"), at.media) {
		c.status, c.problems = http.StatusUnsupportedMediaType, []string{"Content-Type: want " + at.media}
	}
	c.message.channel, c.message.at = at.channel, c.at
	if len(c.problems) == 0 {
		s.name(&c.message)
	}
	c.key = s.keyOf(c.dialect.card().Name, c.account, at.channel, c.message.id)
	c.dice = newDice(s.opts.Seed, c.message.id)
	if c.setting.scenario.Duplicates == Ignores { // the second answer names what the first did
		c.message.given = uuid.NewSHA1(uuid.NameSpaceURL, c.key[:]).String()
	}
}

// name gives the message the ids that it has not got.
func (s *Simulator) name(m *message) {
	for _, id := range []*string{&m.id, &m.given} {
		if *id == "" {
			*id = s.newID()
		}
	}
}

// newID is one of the provider's own.
func (s *Simulator) newID() string {
	n := strconv.FormatUint(s.unnamed.Add(1), 10) + "/" + strconv.FormatUint(s.opts.Seed, 10)
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte(n)).String()
}

func (s *Simulator) recordOf(c *call, v verdict) record {
	m := c.message
	r := record{
		at:         c.at.UnixMicro(),
		retryAfter: uint32(seconds(v.wait)),
		messageID:  compact(m.id),
		lane:       unique.Make(lane{c.dialect.card().Name, c.account, m.channel}),
		campaignID: unique.Make(m.campaignID),
		masked:     unique.Make(m.to.Masked()),
		to:         fingerprintOf(s.opts.Seed, "destination", m.to.E164()),
		text:       fingerprintOf(s.opts.Seed, "content", string(m.content)),
		answer:     v.answer,
		taken:      v.taken,
		magic:      uint8(trickNumber(m.to)),
	}
	if s.opts.KeepContent {
		r.content = &content{to: m.to, says: m.content}
	}
	return r
}

// answer carries the verdict out: the HTTP answer, and when the news begins.
func (s *Simulator) answer(w http.ResponseWriter, r *http.Request, c *call, v verdict, rec *record) {
	sc := &c.setting.scenario
	first, gap := sc.delays(c.dice)
	own, earlier := s.tale(c, v, rec, gap), s.escalate(c, v)
	switch v.fate.manner {
	case neverAnswers:
		own.begin(s.now().Add(first))
		s.hold(r.Context(), sc.Hold.Std(), nil)
		v.cut = true
	case answersAfterNews:
		own.begin(s.now())
		s.hold(r.Context(), 5*time.Second, own.first)
	case cutsOff:
		v.cut = true
	case badAnswer:
		v.gateway = http.StatusBadGateway
	}
	s.hold(r.Context(), c.dice.between(sc.Latency, "latency", 0), nil)
	var a reply
	switch {
	case v.cut:
	case v.gateway != 0:
		a = reply{status: v.gateway}
	default:
		a = c.dialect.answer(c.message, v)
	}
	// Noted first, so that who was answered finds it in the log.
	s.journal.answered(rec, a.status, s.now().Sub(c.at))
	if !v.cut {
		write(w, a)
	}
	now := s.now()
	earlier.begin(now.Add(first / 2))
	own.begin(now.Add(first))
	if v.cut {
		panic(http.ErrAbortHandler)
	}
}

// escalate is what waited for the person to be tried on this channel.
func (s *Simulator) escalate(c *call, v verdict) *tale {
	if !v.taken {
		return &tale{}
	}
	return s.parked.escalate(s.personOf(c), c.message)
}

// hold waits, but not for a caller who left nor for a simulator that stops.
func (s *Simulator) hold(ctx context.Context, d time.Duration, until <-chan struct{}) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-until:
	case <-ctx.Done():
	case <-s.stopped:
	}
}

// write sends the answer off at once, so that no receipt overtakes it by accident.
func write(w http.ResponseWriter, a reply) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	if a.status == http.StatusTooManyRequests {
		h.Set("Retry-After", strconv.Itoa(seconds(a.retryAfter)))
	}
	w.WriteHeader(a.status)
	if _, err := w.Write(a.body); err == nil {
		_ = http.NewResponseController(w).Flush() // the caller may be gone; it was answered all the same
	}
}

// seconds rounds up, for Retry-After knows whole seconds only.
func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

func (s *Simulator) personOf(c *call) fingerprint {
	return fingerprintOf(s.opts.Seed, "person", c.dialect.card().Name, c.account, c.message.to.E164())
}

// stray answers requests to paths that no provider has.
func (s *Simulator) stray(w http.ResponseWriter, r *http.Request) {
	s.strayed.Add(1)
	s.logger.Warn("request to a path that no provider has", "method", r.Method)
	http.Error(w, fmt.Sprintf("%s: no provider has this path; see /", r.Method), http.StatusNotFound)
}
