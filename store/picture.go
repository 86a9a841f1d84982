package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// pictureLasts is how long what was read of the lanes' receipts is believed.
const pictureLasts = time.Second

// picture is what was read last of all lanes.
type picture struct {
	mu       sync.Mutex
	at       time.Time // by this process' clock; zero: nothing is read
	ahead    time.Duration
	lanes    map[campaign.Lane]*hearing
	receiver receiver
}

func (p *picture) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at = time.Time{}
}

// Stills are the times in which a lane's waits stood still, and stand still now, by this
// process' clock.
func (h *Hearing) Stills(ctx context.Context, l campaign.Lane) ([]fallback.Still, error) {
	p := &h.picture
	p.mu.Lock()
	defer p.mu.Unlock()
	now := h.now()
	if p.at.IsZero() || now.Sub(p.at) >= pictureLasts {
		if err := h.look(ctx, p); err != nil {
			return nil, err
		}
		p.at = now
	}
	known := p.lanes[l]
	if known == nil {
		return nil, nil
	}
	there := now.Add(p.ahead)
	stills := append(known.stills(h.rules, there), p.receiver.stills(h.rules, there)...)
	for i := range stills {
		stills[i] = shifted(known.cut(stills[i]), -p.ahead)
	}
	return stills, nil
}

// shifted tells a still by a clock that is ahead by so much.
func shifted(s fallback.Still, by time.Duration) fallback.Still {
	s.From, s.Until = s.From.Add(by), s.Until.Add(by)
	if !s.Back.IsZero() {
		s.Back = s.Back.Add(by)
	}
	return s
}

// look reads everything in one round trip. A lane's hash is read before its list: what is
// moved from one to the other meanwhile is seen twice, and never missed.
func (h *Hearing) look(ctx context.Context, p *picture) error {
	var clock *redis.TimeCmd
	var beat *redis.SliceCmd
	var gaps *redis.StringSliceCmd
	known := make([]*redis.SliceCmd, len(h.lanes))
	stills := make([]*redis.StringSliceCmd, len(h.lanes))
	_, err := h.store.client.Pipelined(ctx, func(pipe redis.Pipeliner) error {
		clock = pipe.Time(ctx)
		beat, gaps = pipe.HMGet(ctx, keyReceiver, "beat"), pipe.LRange(ctx, keyGaps, 0, -1)
		for i, l := range h.lanes {
			known[i] = pipe.HMGet(ctx, keyHearing(l), "oldest", "ripe", "onward")
			stills[i] = pipe.LRange(ctx, keyStills(l), 0, -1)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("look which receipts came: %w", err)
	}
	p.ahead = clock.Val().Sub(h.now()).Round(time.Millisecond)
	p.receiver = receiver{beat: moment(beat.Val(), 0), gaps: readStills(gaps.Val())}
	p.lanes = make(map[campaign.Lane]*hearing, len(h.lanes))
	for i, l := range h.lanes {
		v := known[i].Val()
		p.lanes[l] = &hearing{oldest: moment(v, 0), ripe: moment(v, 1), onward: moment(v, 2), past: readStills(stills[i].Val())}
	}
	return nil
}

func readStills(texts []string) []fallback.Still {
	all := make([]fallback.Still, 0, len(texts))
	for _, text := range texts {
		if s, ok := readStill(text); ok {
			all = append(all, s)
		}
	}
	return all
}

func moment(values []any, i int) time.Time {
	if i >= len(values) {
		return time.Time{}
	}
	ms, _ := values[i].(string)
	return millis(ms)
}

// Silences are the lanes whose waits stand still now.
func (h *Hearing) Silences(ctx context.Context) (map[campaign.Lane]Silence, error) {
	silences := map[campaign.Lane]Silence{}
	for _, l := range h.lanes {
		stills, err := h.Stills(ctx, l)
		if err != nil {
			return nil, err
		}
		if s, silent := silence(stills, h.now()); silent {
			silences[l] = s
		}
	}
	return silences, nil
}

// Rest says how much longer each of the records waits whose alarm rings now; see
// fallback.Record.Rest.
func (h *Hearing) Rest(ctx context.Context, records []fallback.Record, now time.Time) ([]time.Duration, error) {
	rests := make([]time.Duration, len(records))
	for i := range records {
		r := &records[i]
		if r.State.Phase != fallback.Waiting && r.State.Phase != fallback.Unknown {
			continue
		}
		c, err := h.store.lookup(ctx, r.ID.Number())
		if errors.Is(err, fallback.ErrNoCampaign) {
			continue
		} else if err != nil {
			return nil, err
		}
		leg := c.Route[r.State.Leg]
		stills, err := h.Stills(ctx, leg.Lane())
		if err != nil {
			return nil, err
		}
		rests[i] = r.Rest(leg.Wait, stills, now)
	}
	return rests, nil
}
