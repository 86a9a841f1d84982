package scheduler

import (
	"context"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// longWait is when a lane is not fed: its jobs would only be given back to the line.
const longWait = 2 * time.Second

// feed moves what is due from the lines to the queues, as far as the lanes have room.
func (s *Scheduler) feed(ctx context.Context, lines [][]fallback.Head) (more bool, err error) {
	heads, err := s.runnable(ctx, lines)
	if err != nil {
		return false, err
	}
	var lanes []campaign.Lane
	var at []int
	for i := range heads {
		if len(heads[i]) > 0 {
			lanes, at = append(lanes, s.lanes[i]), append(at, i)
		}
	}
	if len(lanes) == 0 {
		return false, nil
	}
	depths, err := s.Depths(ctx, lanes)
	if err != nil {
		return false, err
	}
	s.turn++
	for k, i := range at {
		left, err := s.feedLane(ctx, heads[i], s.Lanes[i].Ahead-depths[k])
		if err != nil {
			return false, err
		}
		more = more || left
	}
	return more, nil
}

// runnable leaves the heads whose campaign may send and could have a slot before long.
func (s *Scheduler) runnable(ctx context.Context, lines [][]fallback.Head) ([][]fallback.Head, error) {
	var numbers []campaign.Number
	seen := map[campaign.Number]bool{}
	for _, line := range lines {
		for _, h := range line {
			if !seen[h.Campaign] {
				seen[h.Campaign] = true
				numbers = append(numbers, h.Campaign)
			}
		}
	}
	if len(numbers) == 0 {
		return nil, nil
	}
	running, err := s.Ledger.Running(ctx, numbers)
	if err != nil {
		return nil, err
	}
	heads := make([][]fallback.Head, len(lines))
	var turns []Turn
	var resting []fallback.Head
	for i, line := range lines {
		for _, h := range line {
			if !running[h.Campaign] {
				resting = append(resting, h)
				continue
			}
			heads[i] = append(heads[i], h)
			turns = append(turns, Turn{Lane: s.lanes[i], Campaign: h.Campaign})
		}
	}
	if err := s.Ledger.Rest(ctx, resting); err != nil {
		return nil, err
	}
	if len(turns) == 0 {
		return heads, nil
	}
	waits, err := s.Wait(ctx, turns)
	if err != nil {
		return nil, err
	}
	for i, line := range heads {
		open := line[:0]
		for _, h := range line {
			if waits[0] < longWait {
				open = append(open, h)
			}
			waits = waits[1:]
		}
		heads[i] = open
	}
	return heads, nil
}

// feedLane gives the campaigns of a lane their turns, a batch at a time, each round
// beginning with another. It says whether somebody due was left.
func (s *Scheduler) feedLane(ctx context.Context, heads []fallback.Head, room int) (left bool, err error) {
	waiting := make([]fallback.Head, 0, len(heads))
	for i := range heads {
		waiting = append(waiting, heads[(i+s.turn)%len(heads)])
	}
	for len(waiting) > 0 && room > 0 {
		share := min(max(room/len(waiting), 1), atOnce)
		again := waiting[:0]
		for _, h := range waiting {
			n := min(share, room)
			if n == 0 {
				again = append(again, h)
				continue
			}
			records, err := s.Ledger.Due(ctx, h, n)
			if err != nil {
				return false, err
			}
			if err := s.judge(ctx, records, fallback.OnTurn); err != nil {
				return false, err
			}
			if room -= len(records); len(records) == n {
				again = append(again, h)
			}
		}
		waiting = again
	}
	return len(waiting) > 0, s.Ledger.Settle(ctx, heads)
}
