package provider

import (
	"fmt"
	"strings"
	"sync"

	"github.com/seed-438792ba/cascade/campaign"
)

// How many attempts of one campaign on one lane make a run. A broken template or sender
// fails for everybody: twenty in a row that end with one code which never speaks of a
// person are no coincidence, nor is more than half of the last hundred (where a second
// cause mixes in). A code that may speak of a person must have the last hundred without
// exception: a country without RCS, say, gives long runs of honest refusals. Those
// numbers cost at most as many escalations before somebody looks.
const (
	runWrong  = 20
	runWindow = 100
)

// Runs sees how attempts end and tells when one code has become the configuration's
// fault. Each process counts what it sees itself. The zero Runs works, and is safe for
// concurrent use.
type Runs struct {
	mu sync.Mutex
	of map[stretch]*ends
}

// stretch is where a run is looked for: what one campaign sends on one lane.
type stretch struct {
	campaign campaign.Number
	lane     campaign.Lane
}

// ends are the last codes with which attempts ended; "" is any end that is no run's.
type ends struct {
	last [runWindow]string
	at   int             // where the next one goes
	told map[string]bool // Suspect codes that were a run already: whoever let the lane go on has looked
}

// maxStretches bounds what is remembered. Beyond it everything is forgotten, and a run
// takes a few attempts more to be seen.
const maxStretches = 4096

// Fine notes an attempt that ended otherwise than by a code of a run.
func (r *Runs) Fine(n campaign.Number, l campaign.Lane) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e := r.of[stretch{n, l}]; e != nil {
		e.add("")
	}
}

// Tell notes an attempt that ended with a code; name says which. It gives how many of
// the last attempts ended so if that is a run now, and then begins to count anew; else 0.
func (r *Runs) Tell(n campaign.Number, l campaign.Lane, name string, c Code) int {
	if c.Run == Personal {
		r.Fine(n, l)
		return 0
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.of) > maxStretches || r.of == nil {
		r.of = map[stretch]*ends{}
	}
	e := r.of[stretch{n, l}]
	if e == nil {
		e = &ends{told: map[string]bool{}}
		r.of[stretch{n, l}] = e
	}
	e.add(name)
	count := e.run(name, c.Run)
	if count > 0 {
		e.last = [runWindow]string{}
		e.told[name] = c.Run == Suspect
	}
	return count
}

func (e *ends) add(name string) {
	e.last[e.at] = name
	e.at = (e.at + 1) % runWindow
}

// run counts a code's share of the last attempts, if it is enough.
func (e *ends) run(name string, kind Run) int {
	all, row, broken := 0, 0, false
	for i := range runWindow { // from the latest back
		same := e.last[(e.at+runWindow-1-i)%runWindow] == name
		if broken = broken || !same; !broken {
			row++
		}
		if same {
			all++
		}
	}
	switch {
	case kind == Suspect && (row < runWindow || e.told[name]):
		return 0
	case kind == Suspect, row >= runWrong, all > runWindow/2:
		return max(row, all)
	}
	return 0
}

// RunReason is why a lane is paused for a run, in words.
func RunReason(campaignID string, count int, reason string) string {
	return fmt.Sprintf("campaign %s: %d of its latest attempts here ended alike: %s", campaignID, count, reason)
}

// ToMend adds to a reason what a person should do about it, unless it says so already.
func (c Code) ToMend(reason string) string {
	if c.Mend == "" || strings.Contains(reason, c.Mend) {
		return reason
	}
	return fmt.Sprintf("%s: %s. To mend it: %s", reason, c.Meaning, c.Mend)
}
