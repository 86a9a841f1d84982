package worker_test

import (
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/store"
	"github.com/seed-438792ba/cascade/store/redistest"
)

const capped = `
campaign: spring
frequency: 2/7d
route:
  - {channel: whatsapp, account: a, wait: 30m, template: {id: 1, placeholders: [name]}}
  - {channel: sms, account: a, wait: 1h, text: "Ciao {name}"}
`

func TestTheFrequencyHoldsOverCampaigns(t *testing.T) {
	_, client := redistest.Mini(t)
	s := fitted(t, client, fittings{campaign: capped})
	s.answer = always(provider.Outcome{Kind: provider.Accepted})
	ids := s.people(2)
	for _, other := range []string{"easter", "summer"} { // of which the first person has had messages
		may, err := s.store.MayReach(t.Context(), number(1), s.store.IDKey().Message(other, number(1), "").Attempt(0, 0), campaign.Limit{N: 9, Window: time.Hour})
		if err != nil || !may {
			t.Fatalf("a message of %s: %t, %v", other, may, err)
		}
	}
	s.turn(ids...)
	r := s.until(ids[0], in(fallback.Failed, 0))
	if len(r.History) != 1 || r.History[0].Reason != provider.ReasonFrequency || r.History[0].Best != fallback.FactNone {
		t.Errorf("the story of who had enough is %+v, want nothing sent, for %s", r.History, provider.ReasonFrequency)
	}
	s.until(ids[1], in(fallback.Waiting, 0))
	if n := s.connects(); n != 1 {
		t.Errorf("%d requests were begun, want 1", n)
	}
	if problems, err := s.store.Audit(t.Context(), s.campaign.Number); err != nil || len(problems) > 0 {
		t.Errorf("audit: %v %v", problems, err)
	}
}

func TestTheLegsOfAMessageCountOnce(t *testing.T) {
	redistest.Each(t, func(t *testing.T, client redis.UniversalClient) {
		s := fitted(t, client, fittings{campaign: capped})
		ids := []campaign.MessageID{s.store.IDKey().Message("x", number(1), "a"), s.store.IDKey().Message("x", number(1), "b"), s.store.IDKey().Message("x", number(1), "c")}
		two := campaign.Limit{N: 2, Window: 7 * 24 * time.Hour}
		for i, step := range []struct {
			attempt campaign.AttemptID
			want    bool
		}{
			{ids[0].Attempt(0, 0), true}, {ids[0].Attempt(1, 0), true}, {ids[0].Attempt(0, 0), true},
			{ids[1].Attempt(0, 0), true}, {ids[2].Attempt(0, 0), false}, {ids[2].Attempt(1, 0), false},
			{ids[0].Attempt(2, 0), true}, {ids[0].Attempt(0, 1), false}, // a retry is another message to the person
		} {
			if got, err := s.store.MayReach(t.Context(), number(1), step.attempt, two); err != nil || got != step.want {
				t.Errorf("step %d: %t, %v; want %t", i, got, err, step.want)
			}
		}
	})
}

// Nothing is asked for a campaign without a frequency.
func TestNoFrequencyCostsNothing(t *testing.T) {
	_, client := redistest.Mini(t)
	s := open(t, client, nil)
	s.answer = always(provider.Outcome{Kind: provider.Accepted})
	ids := s.people(2)
	s.turn(ids...)
	s.untilAll(ids, fallback.Waiting)
	if keys := client.Keys(t.Context(), "cascade:{frequency:*").Val(); len(keys) > 0 {
		t.Errorf("%v is kept", keys)
	}
}

func TestWhoWasReachedMeanwhileIsNotSentTo(t *testing.T) {
	_, client := redistest.Mini(t)
	ctx := t.Context()
	first, err := store.New(ctx, store.Options{Client: client})
	must(t, err)
	before, err := campaign.ParseFile("before.yaml", []byte(strings.Replace(capped, "spring", "before", 1)), nil)
	must(t, err)
	_, err = first.Create(ctx, before)
	must(t, err)
	s := fitted(t, client, fittings{campaign: strings.Replace(capped, "frequency: 2/7d", "exclude_reached: [before]", 1)})
	s.answer = always(provider.Outcome{Kind: provider.Accepted})
	_, err = s.store.Import(ctx, "before", &rows{n: 2}, store.Watcher{})
	must(t, err)
	ids := s.people(2)
	earlier := s.store.IDKey().Message("before", number(1), "")
	_, err = s.door.Advance(ctx, time.Now(), fallback.Order{ID: earlier, Event: fallback.Event{Kind: fallback.OnDelivered, Attempt: earlier.Attempt(0, 0)}})
	must(t, err)
	s.turn(ids...)
	if r := s.until(ids[0], in(fallback.Failed, 0)); r.History[0].Reason != provider.ReasonReached {
		t.Errorf("the story is %+v, want the reason %s", r.History, provider.ReasonReached)
	}
	s.until(ids[1], in(fallback.Waiting, 0))
}
