package store

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// Outside is how a receiver outside stands; the zero value is that of one that is well.
type Outside struct {
	Failing time.Time // since when it has taken nothing
	Held    time.Time // it is left alone until then
	Gone    time.Time // when it said that it wants nothing any more
	Error   string
}

// OutsideOf gives how receivers stand, by name.
func (s *Store) OutsideOf(ctx context.Context, names ...string) (map[string]Outside, error) {
	answers := make([]*redis.MapStringStringCmd, len(names))
	_, err := s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, name := range names {
			answers[i] = p.HGetAll(ctx, keyOutside(name))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read how %d receivers stand: %w", len(names), err)
	}
	all := make(map[string]Outside, len(names))
	for i, name := range names {
		v := answers[i].Val()
		all[name] = Outside{Failing: millis(v["failing"]), Held: millis(v["held"]), Gone: millis(v["gone"]), Error: v["error"]}
	}
	return all, nil
}

// NoteOutside keeps how a receiver stands.
func (s *Store) NoteOutside(ctx context.Context, name string, o Outside) error {
	_, err := s.client.TxPipelined(ctx, func(p redis.Pipeliner) error {
		p.Del(ctx, keyOutside(name))
		for field, at := range map[string]time.Time{"failing": o.Failing, "held": o.Held, "gone": o.Gone} {
			if !at.IsZero() {
				p.HSet(ctx, keyOutside(name), field, at.UnixMilli())
			}
		}
		if o.Error != "" {
			p.HSet(ctx, keyOutside(name), "error", o.Error)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("note how receiver %s stands: %w", name, err)
	}
	return nil
}
