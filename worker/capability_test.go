package worker_test

import (
	"context"
	"sync"
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/store/redistest"
)

const asksFirst = `
campaign: spring
route:
  - {channel: rcs, account: a, wait: 15m, capability: check, template: {id: 1, placeholders: [name]}}
  - {channel: sms, account: a, wait: 1h, text: "Ciao {name}"}
`

// scout knows whom a channel reaches.
type scout struct {
	says func(ctx context.Context, to campaign.Destination) (capable, clear bool)

	mu       sync.Mutex
	people   []campaign.Destination // asked about, with repetitions
	requests int
}

func (s *scout) ChecksCapability(campaign.Channel) bool { return true }

func (s *scout) Capable(ctx context.Context, _ campaign.Channel, people []campaign.Destination, gate provider.Gate) (map[campaign.Destination]bool, provider.Outcome) {
	if gate() != nil {
		return nil, provider.Outcome{Kind: provider.Postponed}
	}
	s.mu.Lock()
	s.people, s.requests = append(s.people, people...), s.requests+1
	s.mu.Unlock()
	found := map[campaign.Destination]bool{}
	for _, to := range people {
		if capable, clear := s.says(ctx, to); clear {
			found[to] = capable
		}
	}
	return found, provider.Outcome{Kind: provider.Accepted}
}

func TestWhoCannotBeReachedIsNotSentTo(t *testing.T) {
	_, client := redistest.Mini(t)
	who := &scout{says: func(_ context.Context, to campaign.Destination) (bool, bool) { return to == number(1), to != number(2) }}
	s := fitted(t, client, fittings{campaign: asksFirst, channel: campaign.RCS, checker: who})
	s.answer = always(provider.Outcome{Kind: provider.Accepted})
	ids := s.people(3) // reached, not clear, not reached
	s.turn(ids...)
	s.until(ids[0], in(fallback.Waiting, 0))
	s.until(ids[1], in(fallback.Waiting, 0))
	r := s.until(ids[2], in(fallback.Scheduled, 1))
	if len(r.History) != 1 || r.History[0].Best != fallback.FactNone || r.History[0].Reason != provider.ReasonIncapable {
		t.Errorf("the story of who cannot be reached is %+v, want no request, for %s", r.History, provider.ReasonIncapable)
	}
	if n := s.requests(); n != 2 {
		t.Errorf("%d requests, want 2", n)
	}
	if n := len(who.people); n != 3 || who.requests > 3 {
		t.Errorf("asked about %d people in %d requests, want each once", n, who.requests)
	}
	if capable, known, err := s.store.Capability(t.Context(), campaign.Lane{Account: "a", Channel: campaign.RCS}, number(3)); err != nil || !known || capable {
		t.Errorf("capable %t, known %t, %v; want the answer kept", capable, known, err)
	}
	if problems, err := s.store.Audit(t.Context(), s.campaign.Number); err != nil || len(problems) > 0 {
		t.Errorf("audit: %v %v", problems, err)
	}
}

// A provider that does not answer the question holds a send up for two seconds at most.
func TestASilentQuestionIsNotWaitedForLong(t *testing.T) {
	_, client := redistest.Mini(t)
	who := &scout{says: func(ctx context.Context, _ campaign.Destination) (bool, bool) { <-ctx.Done(); return false, false }}
	s := fitted(t, client, fittings{campaign: asksFirst, channel: campaign.RCS, checker: who})
	s.answer = always(provider.Outcome{Kind: provider.Accepted})
	ids := s.people(1)
	s.turn(ids...)
	s.until(ids[0], in(fallback.Waiting, 0))
}

// What is known needs no question.
func TestNothingIsAskedInVain(t *testing.T) {
	_, client := redistest.Mini(t)
	who := &scout{says: func(context.Context, campaign.Destination) (bool, bool) { return true, true }}
	s := fitted(t, client, fittings{campaign: asksFirst, channel: campaign.RCS, checker: who})
	s.answer = always(provider.Outcome{Kind: provider.Accepted})
	ids := s.people(1)
	rcs := campaign.Lane{Account: "a", Channel: campaign.RCS}
	must(t, s.store.NoteCapability(t.Context(), rcs, map[campaign.Destination]bool{number(1): false}))
	s.turn(ids...)
	s.until(ids[0], in(fallback.Scheduled, 1))
	if n := len(who.people); n != 0 {
		t.Errorf("asked about %d people of whom it was known", n)
	}
}
