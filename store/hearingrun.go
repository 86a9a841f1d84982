package store

import (
	"context"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// How often a process writes down what it sent and heard, says that it takes callbacks,
// and looks whether some lane stands still, to tell people.
const (
	flushEvery = time.Second
	beatEvery  = 2 * time.Second
	alertEvery = 5 * time.Second
)

// Run keeps the watch until ctx ends. A process that receives takes callbacks; one that
// alerts says in the log when a lane's waits begin to stand still, and when they go on.
func (h *Hearing) Run(ctx context.Context, receives, alerts bool) error {
	ticker := time.NewTicker(flushEvery)
	defer ticker.Stop()
	var beat, alert time.Time
	told := map[campaign.Lane]Silence{}
	away := false // Redis, and it was said
	for {
		now := time.Now()
		beats := receives && now.Sub(beat) >= beatEvery
		err := h.Flush(ctx, beats)
		if err != nil && !away && ctx.Err() == nil {
			h.log.Warn("the watch over receipts waits", "error", err)
		}
		if away = err != nil; !away && beats {
			beat = now
		}
		if alerts && now.Sub(alert) >= alertEvery {
			alert = now
			told = h.alert(ctx, told)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			last, done := context.WithTimeout(context.WithoutCancel(ctx), flushEvery)
			defer done()
			if err := h.Flush(last, false); err != nil {
				h.log.Warn("what came last is not counted by the watch over receipts", "error", err)
			}
			return nil
		}
	}
}

// alert tells what has changed since it was told last.
func (h *Hearing) alert(ctx context.Context, told map[campaign.Lane]Silence) map[campaign.Lane]Silence {
	silences, err := h.Silences(ctx)
	if err != nil {
		return told // whoever needs to know it says so
	}
	for _, l := range h.lanes {
		was, stood := told[l]
		is, stands := silences[l]
		switch {
		case stands && is.Back.IsZero() && (!stood || !was.Back.IsZero()):
			h.log.Error("receipts stopped: the lane's waits stand still, so that nobody is escalated for it. Does the provider reach /callbacks?",
				"lane", l.String(), "since", is.Since, "until", is.Until)
		case stands && !is.Back.IsZero() && stood && was.Back.IsZero():
			h.log.Info("receipts come again: waits go on when what was missed had its time", "lane", l.String(), "since", is.Back, "until", is.Until)
		case stood && !stands:
			h.log.Info("waits go on", "lane", l.String())
		case stands && !stood: // what a gap of our own has missed is waited for: nobody need do anything
			delete(silences, l)
		}
	}
	return silences
}
