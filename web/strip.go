package web

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/seed-438792ba/cascade/client"
)

// alert is something that holds for the whole deployment and that somebody should see.
type alert struct {
	Level Level
	Text  string
	Link  string // where it is mended; "": nowhere here
}

// Level says how much an alert matters. Its name is shown, so that it is not told by colour
// alone.
type Level string

// The levels.
const (
	Alarm Level = "alarm" // nothing is sent, or people are at risk of a second message
	Warn  Level = "warn"  // something waits
	Info  Level = "info"
)

// alerts are what is wrong now, by the lanes. That they cannot be read is one as well.
func (d *Dashboard) alerts(ctx context.Context) []alert {
	lanes, err := d.lanes(ctx)
	if err != nil {
		status, p := refusal(err)
		if status != http.StatusServiceUnavailable {
			return []alert{{Warn, "The lanes cannot be read: " + p.Error(), ""}}
		}
		return []alert{{Alarm, "Redis does not answer: nothing is sent, nothing is lost, and what is shown here stands still", ""}}
	}
	return alertsOf(lanes)
}

// What lanes say of themselves: the scope of the switch that stops all sending, and the
// reasons of holds that nobody ordered.
const (
	everything      = "all sending"
	sickReason      = "breaker"
	throttledReason = "429"
)

// alertsOf tells each trouble once: what holds for everything or for an account is not told
// again for each of its lanes.
func alertsOf(lanes []client.Lane) (list []alert) {
	said := map[alert]bool{}
	say := func(level Level, text string) {
		if a := (alert{level, text, "/lanes"}); !said[a] {
			said[a] = true
			list = append(list, a)
		}
	}
	unserved := 0
	for _, l := range lanes {
		place := l.Name
		if l.Scope != "" {
			place = l.Scope
		}
		switch {
		case l.State == "paused" && l.Scope == everything:
			say(Alarm, "ALL SENDING IS STOPPED"+byWhom(l))
		case l.State == "paused" && l.By == "cascade":
			say(Alarm, place+" is misconfigured and paused since "+clock(l.Since)+": "+l.Reason)
		case l.State == "paused":
			say(Warn, place+" is paused"+byWhom(l))
		case l.State == "held" && l.Reason == sickReason:
			say(Alarm, "The breaker of "+place+" is open since "+clock(l.Since)+": the provider is sick")
		case l.State == "held":
			say(Warn, place+" is held since "+clock(l.Since)+until(l.Until)+": "+l.Reason)
		}
		if l.ReceiptsStopped != nil && l.ReceiptsBack == nil {
			say(Alarm, "No receipts on "+l.Name+" since "+clock(l.ReceiptsStopped)+": its waits stand still"+until(l.WaitsUntil))
		}
		if l.Unserved {
			unserved++
		}
	}
	switch {
	case unserved > 0 && unserved == len(lanes):
		list = append(list, alert{Alarm, "No worker is alive: nothing is sent", "/workers"})
	case unserved > 0:
		list = append(list, alert{Alarm, fmt.Sprintf("No worker serves %d of %d lanes", unserved, len(lanes)), "/lanes"})
	}
	return list
}

func byWhom(l client.Lane) string {
	text := ""
	if l.By != "" {
		text = " by " + l.By
	}
	if l.Since != nil {
		text += " since " + clock(l.Since)
	}
	if l.Reason != "" {
		text += ": " + l.Reason
	}
	return text
}

func until(t *time.Time) string {
	if t == nil {
		return ""
	}
	return " until " + clock(t)
}
