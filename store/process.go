package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// BeatEvery is how often a process should tell that it lives: one call each time. Who was
// not seen for three times as long is lost. What it said last is kept for a while, so that
// somebody who looks finds which process is missing.
const (
	BeatEvery = 5 * time.Second

	lostAfter    = 3 * BeatEvery
	lostKeptFor  = 15 * time.Minute
	mostLostSeen = 1000
)

// Process is what a process tells of itself.
type Process struct {
	Name     string    `json:"-"`
	Roles    []string  `json:"roles"`
	Host     string    `json:"host"`
	PID      int       `json:"pid"`
	Version  string    `json:"version"`
	Since    time.Time `json:"since"`
	InHand   int       `json:"in_hand"`  // jobs
	Draining bool      `json:"draining"` // it takes nothing new

	// Answers are the requests of its last minute by lane and by how long they took, as
	// metrics.Answers has them.
	Answers map[string][]int `json:"answers,omitempty"`

	Seen time.Time `json:"-"` // last, by Redis' clock
	Lost bool      `json:"-"` // for too long it was not
	Acts bool      `json:"-"` // as the scheduler
}

// Beat tells that a process lives.
func (s *Store) Beat(ctx context.Context, p Process) error {
	text, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("tell that %s lives: %w", p.Name, err)
	}
	keys := []string{keyProcesses, keyProcess(p.Name)}
	if err := s.scripts.beat.Run(ctx, s.client, keys, p.Name, text, lostKeptFor.Milliseconds()).Err(); err != nil {
		return fmt.Errorf("tell that %s lives: %w", p.Name, err)
	}
	return nil
}

// Leave tells that a process ended as it should.
func (s *Store) Leave(ctx context.Context, name string) error {
	_, err := s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		p.ZRem(ctx, keyProcesses, name)
		p.Del(ctx, keyProcess(name))
		return nil
	})
	if err != nil {
		return fmt.Errorf("tell that %s has ended: %w", name, err)
	}
	return nil
}

// Processes gives those that live and those that were lost of late, who was seen last
// first, in two round trips.
func (s *Store) Processes(ctx context.Context) ([]Process, error) {
	var clock *redis.TimeCmd
	var seen *redis.ZSliceCmd
	var acts *redis.StringCmd
	_, _ = s.client.Pipelined(ctx, func(p redis.Pipeliner) error { // each has its own answer: nobody may act
		clock = p.Time(ctx)
		seen = p.ZRangeArgsWithScores(ctx, redis.ZRangeArgs{Key: keyProcesses, Start: 0, Stop: mostLostSeen - 1, Rev: true})
		acts = p.Get(ctx, keyLease)
		return nil
	})
	if err := errors.Join(seen.Err(), clock.Err()); err != nil {
		return nil, fmt.Errorf("look which processes live: %w", err)
	}
	if len(seen.Val()) == 0 {
		return nil, nil
	}
	var keys []string
	for _, z := range seen.Val() {
		keys = append(keys, keyProcess(z.Member.(string)))
	}
	texts, err := s.client.MGet(ctx, keys...).Result()
	if err != nil {
		return nil, fmt.Errorf("look which processes live: %w", err)
	}
	list := make([]Process, 0, len(texts))
	for i, z := range seen.Val() {
		text, _ := texts[i].(string)
		var p Process
		if json.Unmarshal([]byte(text), &p) != nil {
			continue // it ended meanwhile
		}
		p.Name, p.Seen = z.Member.(string), time.UnixMilli(int64(z.Score)).UTC()
		p.Lost = clock.Val().Sub(p.Seen) > lostAfter
		p.Acts = !p.Lost && acts.Val() == p.Name
		list = append(list, p)
	}
	return list, nil
}
