package main

import (
	"context"
	"slices"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// curve is a run as it was seen once a second.
type curve struct {
	*deployment
	process *process
	number  campaign.Number
	began   time.Time
	points  []point
}

// point is one second.
type point struct {
	at                        float64 // s
	imported, requests, ended float64 // in all
	redis, memory             float64 // MB
	lag                       float64 // ms, 99th percentile of this second; 0: no receipt
}

func (c *curve) sample(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		if p, err := c.look(ctx); err == nil {
			c.points = append(c.points, p)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (c *curve) look(ctx context.Context) (p point, err error) {
	p = point{at: time.Since(c.began).Seconds(), redis: c.server.memory(ctx) / (1 << 20), memory: c.process.now()}
	seen, err := c.sink.seen()
	if err != nil {
		return p, err
	}
	counts, _, err := c.store.Counts(ctx, c.number)
	for _, phase := range fallback.Phases() {
		p.imported += float64(counts.Phase(phase))
	}
	p.requests, p.ended, p.lag = float64(seen.Requests), float64(counts.Phase(fallback.Delivered)), ms(seen.Lag)
	return p, err
}

// sum adds what the whole run shows.
func (c *curve) sum(f figures) {
	var lags []float64
	for _, p := range c.points {
		f["redis"], f["memory"] = max(f["redis"], p.redis), max(f["memory"], p.memory)
		if p.lag > 0 {
			lags = append(lags, p.lag)
		}
	}
	slices.Sort(lags)
	f["lag"], f["worst"] = quantile(lags, 0.5), quantile(lags, 1)
}

// draw gives the curve as a picture.
func (c *curve) draw(title string) string {
	rate := func(total func(point) float64) line {
		var l line
		const over = 3 // s, against the jitter of single ones
		for i, p := range c.points {
			before := c.points[max(i-over, 0)]
			if p.at > before.at {
				l = append(l, [2]float64{p.at, (total(p) - total(before)) / (p.at - before.at)})
			}
		}
		return l
	}
	value := func(of func(point) float64) (l line) {
		for _, p := range c.points {
			l = append(l, [2]float64{p.at, of(p)})
		}
		return l
	}
	return drawing{title: title, panels: []panel{
		{unit: "messages / s", curves: []named{
			{"requests", rate(func(p point) float64 { return p.requests })}, {"closed by receipt", rate(func(p point) float64 { return p.ended })}}},
		{unit: "messages", curves: []named{
			{"imported", value(func(p point) float64 { return p.imported })}, {"requested", value(func(p point) float64 { return p.requests })},
			{"closed", value(func(p point) float64 { return p.ended })}}},
		{unit: "memory, MB", curves: []named{
			{"Redis", value(func(p point) float64 { return p.redis })}, {"Cascade", value(func(p point) float64 { return p.memory })}}},
		{unit: "receipts' lag, ms", curves: []named{{"99th percentile", value(func(p point) float64 { return p.lag })}}},
	}}.String()
}
