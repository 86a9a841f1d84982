package api

import (
	"fmt"
	"strconv"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// The states of a campaign, as its summary names them.
const (
	stateDraft     = "draft"
	stateReady     = "ready"
	stateRunning   = "running"
	statePaused    = "paused"
	stateCancelled = "cancelled"
	stateFinished  = "finished"
)

// Snapshot is all that the reason line is made of.
type Snapshot struct {
	Status
	Lanes []Lane // those of its route; others are passed over
	Now   time.Time
}

// Reason says in one line why a campaign is not moving, or what it is doing: the first
// that holds.
func Reason(s Snapshot) string {
	for _, look := range reasons {
		if line := look(s); line != "" {
			return line
		}
	}
	return ""
}

// reasons are looked at in this order.
var reasons = []func(Snapshot) string{
	over, paused, notStarted, tooEarly, outsideWindow,
	receiptsStopped, lanePaused, laneHeld, atLimit, unserved,
	sending, inLine, waiting, standing,
}

func over(s Snapshot) string {
	switch s.Summary.State {
	case stateFinished:
		return "finished"
	case stateCancelled:
		return "cancelled" + s.byWhom()
	}
	return ""
}

func paused(s Snapshot) string {
	if s.Summary.State != statePaused {
		return ""
	}
	return "paused" + s.byWhom()
}

func notStarted(s Snapshot) string {
	draft := s.Summary.State == stateDraft
	switch {
	case !draft && s.Summary.State != stateReady:
		return ""
	case s.Importing:
		return "an import is running"
	case draft && !s.Campaign.Standing:
		return "it has no recipients yet: import them"
	}
	return "not started"
}

func tooEarly(s Snapshot) string {
	if !s.Campaign.Start.After(s.Now) {
		return ""
	}
	return "starts at " + s.clock(s.Campaign.Start)
}

// outsideWindow is silent where the window is read in each person's own zone.
func outsideWindow(s Snapshot) string {
	w := s.Campaign.Window
	if w == nil || w.Zone == campaign.RecipientZone || s.open(fallback.Scheduled) == 0 {
		return ""
	}
	from, _ := w.Next(s.Now, s.Campaign.ZoneOf(""))
	if !from.After(s.Now) {
		return ""
	}
	return "outside its window until " + s.clock(from)
}

func receiptsStopped(s Snapshot) string {
	return s.lane(func(l Lane) string {
		if l.ReceiptsStopped == nil || l.ReceiptsBack != nil {
			return ""
		}
		return fmt.Sprintf("no receipts on %s since %s: waits stand still", l.Name, s.clock(*l.ReceiptsStopped))
	}, fallback.Unknown, fallback.Waiting)
}

func lanePaused(s Snapshot) string {
	return s.lane(func(l Lane) string {
		if l.State != LanePaused {
			return ""
		}
		return l.place() + " is paused" + byWhom(l.By, l.Reason)
	}, fallback.Scheduled, fallback.Queued)
}

func laneHeld(s Snapshot) string {
	return s.lane(func(l Lane) string {
		switch {
		case l.State == LaneGentle:
			return l.place() + " starts gently after a hold"
		case l.State != LaneHeld:
			return ""
		}
		line := l.place() + " is held"
		if l.Since != nil {
			line += " since " + s.clock(*l.Since)
		}
		if l.Until != nil {
			line += " until " + s.clock(*l.Until)
		}
		return line + byWhom("", l.Reason)
	}, fallback.Scheduled, fallback.Queued)
}

func atLimit(s Snapshot) string {
	return s.lane(func(l Lane) string {
		if l.State != LaneLimit {
			return ""
		}
		line := "at the limit of " + l.place()
		if l.PerSecond > 0 {
			line += " (" + strconv.FormatFloat(l.PerSecond, 'g', 3, 64) + "/s)"
		}
		return line
	}, fallback.Scheduled, fallback.Queued)
}

func unserved(s Snapshot) string {
	return s.lane(func(l Lane) string {
		if !l.Unserved {
			return ""
		}
		return "no worker for " + l.Name
	}, fallback.Scheduled, fallback.Queued)
}

func sending(s Snapshot) string {
	if s.open(fallback.Queued, fallback.Sending) == 0 {
		return ""
	}
	return "sending"
}

func inLine(s Snapshot) string {
	n := s.open(fallback.Scheduled)
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d in line for their time or turn", n)
}

func waiting(s Snapshot) string {
	n := s.open(fallback.Unknown, fallback.Waiting)
	switch {
	case n == 0:
		return ""
	case s.LastDue.IsZero():
		return fmt.Sprintf("waiting for receipts (%d)", n) + s.catchingUp()
	}
	return fmt.Sprintf("waiting for receipts (%d, the last due at %s)", n, s.clock(s.LastDue)) + s.catchingUp()
}

// catchingUp says who waits longer, for receipts that were missed to come.
func (s Snapshot) catchingUp() string {
	return s.lane(func(l Lane) string {
		if l.ReceiptsBack == nil || l.WaitsUntil == nil {
			return ""
		}
		return fmt.Sprintf("; who was sent on %s before %s waits longer, until %s for what was missed", l.Name, s.clock(*l.ReceiptsBack), s.clock(*l.WaitsUntil))
	}, fallback.Unknown, fallback.Waiting)
}

func standing(s Snapshot) string {
	if !s.Campaign.Standing {
		return ""
	}
	return "waiting for messages"
}

// open is how many messages are in these phases.
func (s Snapshot) open(phases ...fallback.Phase) (n int) {
	for _, p := range phases {
		n += s.Counts.Phase(p)
	}
	return n
}

// lane asks the lanes of those legs that have messages in these phases, in the order
// of the route, until one has something to say.
func (s Snapshot) lane(say func(Lane) string, phases ...fallback.Phase) string {
	for i, leg := range s.Campaign.Route {
		n := 0
		for _, p := range phases {
			n += s.Counts[fallback.Count{What: fallback.InPhase, Leg: uint8(i), By: uint8(p)}]
		}
		for _, l := range s.Lanes {
			if n > 0 && l.Name == leg.Lane().String() {
				if line := say(l); line != "" {
					return line
				}
			}
		}
	}
	return ""
}

// place names whose limit or hold it is.
func (l Lane) place() string {
	if l.Scope != "" {
		return l.Scope
	}
	return l.Name
}

func (s Snapshot) byWhom() string { return byWhom(s.By, s.Why) }

func byWhom(who, why string) string {
	text := ""
	if who != "" {
		text = " by " + who
	}
	if why != "" {
		text += ": " + why
	}
	return text
}

// clock shows a time as a clock on the wall of the server would, with its day unless
// that is today.
func (s Snapshot) clock(t time.Time) string {
	t = t.UTC()
	if t.Format(time.DateOnly) == s.Now.UTC().Format(time.DateOnly) {
		return t.Format("15:04:05 UTC")
	}
	return t.Format("2006-01-02 15:04 UTC")
}
