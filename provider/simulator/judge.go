package simulator

import "net/http"

// judge decides about a request. The first that has something to say decides.
func (s *Simulator) judge(c *call) verdict {
	for _, look := range []func(*call) (verdict, bool){
		s.outage, s.credentials, s.limits, s.contract, s.caution, s.fated,
	} {
		if v, decided := look(c); decided {
			return v
		}
	}
	panic("simulator: the last look always decides")
}

func (s *Simulator) outage(c *call) (verdict, bool) {
	if c.outage == nil {
		return verdict{}, false
	}
	return verdict{answer: Unavailable, outage: true, cut: c.outage.Cut}, true
}

func (s *Simulator) credentials(c *call) (verdict, bool) {
	return verdict{answer: Unauthorised}, !c.known
}

func (s *Simulator) limits(c *call) (verdict, bool) {
	return verdict{answer: Throttled, wait: c.wait}, c.wait > 0
}

func (s *Simulator) contract(c *call) (verdict, bool) {
	return verdict{answer: Malformed, status: c.status, reasons: c.problems}, len(c.problems) > 0
}

// caution stops what the caller only wants checked.
func (s *Simulator) caution(c *call) (verdict, bool) {
	return verdict{answer: DryRun}, c.message.dryRun
}

// fated decides by the message's number, or else by chance.
func (s *Simulator) fated(c *call) (verdict, bool) {
	sc := &c.setting.scenario
	f := s.chained(c, decide(sc, c.dice, c.message))
	before := s.ledger.request(c.key)
	switch {
	case before < f.throttles, f.chance && c.dice.roll("throttled", before) < sc.Throttled:
		return verdict{answer: Throttled, wait: sc.RetryAfter.Std()}, true
	case before == 0 && f.lost == cutOff:
		return verdict{answer: Unavailable, cut: true}, true
	case before == 0 && f.lost == timedOutBy:
		return verdict{answer: Unavailable, gateway: http.StatusGatewayTimeout}, true
	case before < f.tryLaters:
		return verdict{answer: Unavailable}, true
	case c.message.refused != "":
		return verdict{answer: Refused, reasons: []string{c.message.refused}}, true
	case f.refused != "":
		return verdict{answer: Refused, reasons: []string{f.refused}}, true
	}
	return s.take(c, f), true
}

// take hands the message over to its fate, unless the provider took it before and
// refuses to do so again.
func (s *Simulator) take(c *call, f fate) verdict {
	v := verdict{answer: TakenAsNew, taken: true, fate: f}
	switch first := s.ledger.take(c.key, c.message.on(f.settled).reported()); {
	case !first && c.refusesDuplicates():
		return verdict{answer: Duplicate}
	case !first && c.setting.scenario.Duplicates == Ignores:
		return verdict{answer: Duplicate, ignored: true}
	case !first:
		v.answer = Duplicate
		s.logger.Warn("the same message was handed over again: the person would get it twice",
			"message", c.message.id, "channel", c.message.channel.String())
	case f.manner != answersAtOnce && f.manner != answersAfterNews:
		v.answer = NoAnswer
	}
	if f.hidden {
		s.ledger.hide(c.key)
	}
	return v
}
