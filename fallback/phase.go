package fallback

import (
	"fmt"
	"math/bits"
	"strings"
)

// Phase says where a message stands. Each phase has one rule for its place: a line,
// the clock, or nowhere (see placeOf).
type Phase uint8

// The phases. The first five are open; the others are closed, and only an operator's
// retry leaves one.
const (
	Scheduled   Phase = iota // waits for its time or its turn on the current leg
	Queued                   // its job is on the lane's queue
	Sending                  // a worker holds the claim and may be talking to the provider
	Unknown                  // the request may or may not have been taken
	Waiting                  // the provider accepted it; receipts are due
	Delivered                // a receipt said delivered
	Failed                   // the last leg was refused or undeliverable, or the recipient is wrong everywhere
	Unconfirmed              // the last leg took it, or may have, and no delivered came within its wait
	Expired                  // its window or its time to live ended first
	Cancelled                // an operator ended it
	Suppressed               // the person opted out
	phaseCount
)

var phaseNames = [phaseCount]string{
	"scheduled", "queued", "sending", "unknown", "waiting",
	"delivered", "failed", "unconfirmed", "expired", "cancelled", "suppressed",
}

func (p Phase) String() string {
	if p < phaseCount {
		return phaseNames[p]
	}
	return fmt.Sprintf("phase(%d)", uint8(p))
}

// Known says whether p is one of the phases above.
func (p Phase) Known() bool { return p < phaseCount }

// Open says whether a message in this phase still moves by itself.
func (p Phase) Open() bool { return p <= Waiting }

// Phases lists every phase in the order of a message's life.
func Phases() []Phase {
	all := make([]Phase, phaseCount)
	for i := range all {
		all[i] = Phase(i)
	}
	return all
}

// ParsePhase reads a phase's name.
func ParsePhase(s string) (Phase, error) {
	for i, name := range phaseNames {
		if s == name {
			return Phase(i), nil
		}
	}
	return 0, fmt.Errorf("unknown phase %q: use one of %s", s, strings.Join(phaseNames[:], ", "))
}

// phases is a set of phases.
type phases uint16

func only(list ...Phase) (set phases) {
	for _, p := range list {
		set |= 1 << p
	}
	return set
}

func (set phases) has(p Phase) bool { return set&(1<<p) != 0 }

func (set phases) list() []Phase {
	list := make([]Phase, 0, bits.OnesCount16(uint16(set)))
	for _, p := range Phases() {
		if set.has(p) {
			list = append(list, p)
		}
	}
	return list
}
