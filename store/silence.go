package store

import (
	"strconv"
	"strings"
	"time"

	"github.com/seed-438792ba/cascade/fallback"
)

// HearingRules say when a lane's receipts have stopped, and for how long waits then stand
// still. Zero values are what the comments name.
type HearingRules struct {
	Sends   int           // so many accepted sends without a receipt of any kind since the first of them: 50
	Quiet   time.Duration // and all of them older than this: 1m
	CatchUp time.Duration // how long after the first receipt its waits go on, for what was missed to come: 10m
	Longest time.Duration // how long waits stand still at most: 6h
	Gap     time.Duration // how long nobody takes callbacks until that counts: 5s
	GapMost time.Duration // how much of that counts: 15m
}

func (r HearingRules) withDefaults() HearingRules {
	if r.Sends == 0 {
		r.Sends = 50
	}
	for d, def := range map[*time.Duration]time.Duration{
		&r.Quiet: time.Minute, &r.CatchUp: 10 * time.Minute, &r.Longest: 6 * time.Hour, &r.Gap: 5 * time.Second, &r.GapMost: 15 * time.Minute,
	} {
		if *d == 0 {
			*d = def
		}
	}
	return r
}

// Silence is how a lane stands whose waits stand still.
type Silence struct {
	Since time.Time
	Back  time.Time // when receipts came again; zero: they have not yet
	Until time.Time // when its waits go on, at the latest
}

// hearing is what is known of a lane's receipts.
type hearing struct {
	oldest, ripe, onward time.Time
	past                 []fallback.Still
}

// stills are the times in which the lane's waits stood still, the present one last.
func (h *hearing) stills(r HearingRules, now time.Time) []fallback.Still {
	all := make([]fallback.Still, 0, len(h.past)+1)
	all = append(all, h.past...)
	if !h.ripe.IsZero() && now.Sub(h.ripe) >= r.Quiet {
		all = append(all, fallback.Still{From: h.oldest, Until: h.oldest.Add(r.Longest), Open: true})
	}
	return all
}

// cut ends a still where a person let the lane go on.
func (h *hearing) cut(s fallback.Still) fallback.Still {
	if s.From.Before(h.onward) && h.onward.Before(s.Until) {
		s.Until, s.Open = h.onward, false
	}
	return s
}

// receiver is what is known of the processes that take callbacks.
type receiver struct {
	beat time.Time // zero: there was never one
	gaps []fallback.Still
}

// stills are the gaps, as far as they count, and as long again after each, for what was
// missed to come. They hold for every lane.
func (v receiver) stills(r HearingRules, now time.Time) []fallback.Still {
	var all []fallback.Still
	for _, gap := range v.gaps {
		counts := min(gap.Until.Sub(gap.From), r.GapMost)
		all = append(all,
			fallback.Still{From: gap.From, Until: gap.From.Add(counts), Back: gap.Until},
			fallback.Still{From: gap.Until, Until: gap.Until.Add(counts), Back: gap.Until})
	}
	if !v.beat.IsZero() && now.Sub(v.beat) >= r.Gap {
		all = append(all, fallback.Still{From: v.beat, Until: v.beat.Add(r.GapMost), Open: true})
	}
	return all
}

// silence is the still in which the lane is now, if it is in one.
func silence(stills []fallback.Still, now time.Time) (s Silence, silent bool) {
	for _, still := range stills {
		if !now.Before(still.From) && now.Before(still.Until) {
			s, silent = Silence{Since: still.From, Back: still.Back, Until: still.Until}, true
		}
	}
	return s, silent
}

// readStill reads "from until" and perhaps "back", in ms; ok is false for anything else.
func readStill(text string) (s fallback.Still, ok bool) {
	var times [3]time.Time
	fields := strings.Fields(text)
	if len(fields) < 2 || len(fields) > len(times) {
		return s, false
	}
	for i, f := range fields {
		ms, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return s, false
		}
		times[i] = time.UnixMilli(ms).UTC()
	}
	return fallback.Still{From: times[0], Until: times[1], Back: times[2]}, true
}
