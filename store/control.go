package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// State is where a campaign stands in its life.
type State string

// The states. Finished is not kept: it follows from the counts.
const (
	Draft     State = "draft"
	Ready     State = "ready"   // an import is complete
	Running   State = "running" // claims succeed
	Paused    State = "paused"
	Cancelled State = "cancelled"
	Finished  State = "finished" // sealed, and no message is open
)

// Status is a campaign's state and numbers.
type Status struct {
	Campaign  *Campaign
	State     State
	Sealed    bool
	Importing bool
	Since     time.Time // of the state
	By        string    // who brought it there
	Why       string
	StartedAt time.Time
	ClosedAt  time.Time // when the last message closed so far
	Rejected  int       // rows, over all files
	Counts    fallback.Counts
}

// Summary is the status as people and scripts read it.
func (st *Status) Summary() campaign.Summary {
	sum := st.Counts.Summary(&st.Campaign.Campaign)
	sum.State = string(st.State)
	sum.Rejected = st.Rejected
	if !st.StartedAt.IsZero() {
		sum.StartedAt = &st.StartedAt
	}
	if st.State == Finished || st.State == Cancelled && st.Counts.Open() == 0 {
		sum.FinishedAt = &st.ClosedAt
		if st.ClosedAt.IsZero() {
			sum.FinishedAt = &st.Since
		}
	}
	return sum
}

// WrongStateError says that a campaign cannot do this from where it stands.
type WrongStateError struct {
	ID        string
	Wanted    State
	State     State
	Importing bool
}

func (e *WrongStateError) Error() string {
	switch {
	case e.Importing:
		return fmt.Sprintf("campaign %q: an import is running; start it when that has ended, or set start_while_importing in its file", e.ID)
	case e.State == Draft:
		return fmt.Sprintf("campaign %q has no recipients yet: import them first", e.ID)
	case e.State == Cancelled:
		return fmt.Sprintf("campaign %q is cancelled, which is for ever", e.ID)
	}
	return fmt.Sprintf("campaign %q is %s and cannot become %s", e.ID, e.State, e.Wanted)
}

// Start lets a campaign that is ready run, and seals it unless it is standing. To go
// where one is already is no error, here and below.
func (s *Store) Start(ctx context.Context, id, by string) error {
	_, err := s.change(ctx, id, step{to: Running, from: []State{Ready, Running, Paused}, seal: true, by: by})
	return err
}

// Pause stops all claims. It answers when no claim succeeds any more, and says how
// many requests were claimed by then: only those may still start.
func (s *Store) Pause(ctx context.Context, id, by, why string) (inFlight int, err error) {
	return s.change(ctx, id, step{to: Paused, from: []State{Running, Paused}, by: by, why: why})
}

// Resume lets a paused campaign go on.
func (s *Store) Resume(ctx context.Context, id, by string) error {
	_, err := s.change(ctx, id, step{to: Running, from: []State{Paused, Running}, by: by})
	return err
}

// Cancel stops all claims for ever; see Pause for the answer. The scheduler then
// closes what was not sent.
func (s *Store) Cancel(ctx context.Context, id, by, why string) (inFlight int, err error) {
	return s.change(ctx, id, step{to: Cancelled, from: []State{Draft, Ready, Running, Paused, Cancelled}, by: by, why: why})
}

// step is a change of state: where to, from where it may be, and who wants it.
type step struct {
	to   State
	from []State
	seal bool
	by   string
	why  string
}

func (s *Store) change(ctx context.Context, id string, p step) (claimed int, err error) {
	c, err := s.Find(ctx, id)
	if err != nil {
		return 0, err
	}
	args := []any{string(p.to), "", s.now().UnixMilli(), p.by, p.why}
	if p.seal && c.Standing {
		args = append(args, string(Draft)) // it needs no import
	} else if p.seal {
		args[1] = "1"
	}
	for _, f := range p.from {
		args = append(args, string(f))
	}
	answer, err := s.scripts.state.Run(ctx, s.client, []string{keyState(c.Number), keyImporting(c.Number)}, args...).Slice()
	if err != nil {
		return 0, fmt.Errorf("campaign %q: %w", id, err)
	}
	if answer[0].(int64) == 0 {
		state := answer[1].(string)
		if state == "" { // its retention is over
			return 0, fmt.Errorf("campaign %q: %w", id, fallback.ErrNoCampaign)
		}
		return 0, &WrongStateError{ID: id, Wanted: p.to, State: State(state), Importing: state == "importing"}
	}
	if claimed, err = s.tell(ctx, c, p.to, answer[1].(int64), answer[2].(string)); err != nil {
		return claimed, err
	}
	switch p.to {
	case Cancelled: // what a crash leaves out here, a sweep finds
		err = s.closeMessages(ctx, c)
	case Running: // its lines may have been taken out of the index; see Rest
		err = s.settleAll(ctx, c)
	}
	return claimed, err
}

// closeMessages asks the scheduler to close what a cancelled campaign has open.
func (s *Store) closeMessages(ctx context.Context, c *Campaign) error {
	if err := s.client.SAdd(ctx, keyCancelling, c.Number.String()).Err(); err != nil {
		return fmt.Errorf("have the messages of campaign %q closed: %w", c.ID, err)
	}
	return nil
}

// tell gives the shards their state. The caller is answered when all of them have it;
// what a crash leaves out is told by the next sweep.
func (s *Store) tell(ctx context.Context, c *Campaign, state State, generation int64, sealed string) (claimed int, err error) {
	args := []any{string(state), generation, sealed}
	for leg := range c.Route {
		args = append(args, field(fallback.Count{What: fallback.InPhase, Leg: uint8(leg), By: uint8(fallback.Sending)}))
	}
	for _, sh := range c.all() {
		n, err := s.scripts.control.Run(ctx, s.client, []string{sh.control(), sh.counts()}, args...).Int()
		if err != nil {
			return claimed, fmt.Errorf("tell campaign %q that it is %s: %w", c.ID, state, err)
		}
		claimed += n
	}
	return claimed, nil
}

// retell tells the shards what the register says.
func (s *Store) retell(ctx context.Context, c *Campaign) error {
	v, err := s.client.HMGet(ctx, keyState(c.Number), "state", "generation", "sealed").Result()
	if err != nil {
		return fmt.Errorf("read the state of campaign %q: %w", c.ID, err)
	}
	state, _ := v[0].(string)
	generation, _ := strconv.ParseInt(fmt.Sprint(v[1]), 10, 64)
	sealed, _ := v[2].(string)
	if generation == 0 {
		return nil
	}
	if _, err = s.tell(ctx, c, State(state), generation, sealed); err != nil || State(state) != Cancelled {
		return err
	}
	counts, _, err := s.Counts(ctx, c.Number)
	if err == nil && counts.Open() > 0 {
		err = s.closeMessages(ctx, c)
	}
	return err
}

// Status gives a campaign's state and numbers.
func (s *Store) Status(ctx context.Context, id string) (*Status, error) {
	c, err := s.Find(ctx, id)
	if err != nil {
		return nil, err
	}
	found, err := s.statuses(ctx, []*Campaign{c})
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("campaign %q: %w", id, fallback.ErrNoCampaign)
	}
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

// Cancelling are the campaigns that were cancelled and whose messages are to be closed.
func (s *Store) Cancelling(ctx context.Context) ([]campaign.Number, error) {
	names, err := s.client.SMembers(ctx, keyCancelling).Result()
	if err != nil {
		return nil, fmt.Errorf("read which campaigns are cancelled: %w", err)
	}
	numbers := make([]campaign.Number, 0, len(names))
	for _, name := range names {
		n, err := campaign.ParseNumber(name)
		if err != nil {
			return nil, fmt.Errorf("read which campaigns are cancelled: %w", err)
		}
		numbers = append(numbers, n)
	}
	return numbers, nil
}

// CancelDone says that every message of a cancelled campaign was told so.
func (s *Store) CancelDone(ctx context.Context, n campaign.Number) error {
	if err := s.client.SRem(ctx, keyCancelling, n.String()).Err(); err != nil {
		return fmt.Errorf("note that campaign %s is cancelled: %w", n, err)
	}
	return nil
}

// Running says which of these campaigns may send.
func (s *Store) Running(ctx context.Context, numbers []campaign.Number) (map[campaign.Number]bool, error) {
	states, err := s.States(ctx, numbers)
	running := make(map[campaign.Number]bool, len(states))
	for n, state := range states {
		running[n] = state == Running
	}
	return running, err
}

// States gives the state of several campaigns in one round trip.
func (s *Store) States(ctx context.Context, numbers []campaign.Number) (map[campaign.Number]State, error) {
	answers := make([]*redis.StringCmd, len(numbers))
	_, err := s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, n := range numbers {
			answers[i] = p.HGet(ctx, keyState(n), "state")
		}
		return nil
	})
	if err != nil && !errors.Is(err, redis.Nil) {
		return nil, fmt.Errorf("read the states of %d campaigns: %w", len(numbers), err)
	}
	states := make(map[campaign.Number]State, len(numbers))
	for i, n := range numbers {
		states[n] = State(answers[i].Val())
	}
	return states, nil
}

func millis(s string) time.Time {
	ms, err := strconv.ParseInt(s, 10, 64)
	if err != nil || ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
