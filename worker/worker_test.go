package worker_test

import (
	"sync"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/ratelimit"
	"github.com/seed-438792ba/cascade/store/redistest"
	"github.com/seed-438792ba/cascade/worker"
)

// TestWhatEachOutcomeDoes holds what an outcome does to the message.
func TestWhatEachOutcomeDoes(t *testing.T) {
	for name, tt := range map[string]struct {
		outcome provider.Outcome
		want    func(fallback.Record) bool
	}{
		"accepted":      {provider.Outcome{Kind: provider.Accepted}, in(fallback.Waiting, 0)},
		"refused":       {provider.Outcome{Kind: provider.Refused, Reason: "no such user"}, in(fallback.Scheduled, 1)},
		"invalid":       {provider.Outcome{Kind: provider.Invalid, Reason: "invalid number"}, in(fallback.Failed, 0)},
		"unknown":       {provider.Outcome{Kind: provider.Unknown, Fault: true}, in(fallback.Unknown, 0)},
		"unavailable":   {provider.Outcome{Kind: provider.Unavailable, Fault: true}, in(fallback.Scheduled, 0)},
		"throttled":     {provider.Outcome{Kind: provider.Postponed, Throttled: true, RetryAfter: time.Minute}, in(fallback.Scheduled, 0)},
		"misconfigured": {provider.Outcome{Kind: provider.Misconfigured, Reason: "bad credentials"}, in(fallback.Scheduled, 0)},
		"opted out":     {provider.Outcome{Kind: provider.OptedOut}, in(fallback.Suppressed, 0)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, client := redistest.Mini(t)
			s := open(t, client, nil)
			s.answer = always(tt.outcome)
			id := s.people(1)[0]
			s.turn(id)
			s.until(id, func(r fallback.Record) bool { return s.requests() == 1 && tt.want(r) })
			if problems, err := s.store.Audit(t.Context(), s.campaign.Number); err != nil || len(problems) > 0 {
				t.Errorf("audit: %v %v", problems, err)
			}
		})
	}
}

// spans are how long requests took, in seconds.
type spans chan float64

func (s spans) Observe(seconds float64) { s <- seconds }

func TestARequestIsMeasuredFromItsStart(t *testing.T) {
	_, client := redistest.Mini(t)
	took := make(spans, 10)
	s := fitted(t, client, fittings{took: took})
	s.answer = func(campaign.Attempt, provider.Gate) provider.Outcome {
		s.ahead.Add(int64(3 * time.Second)) // the provider takes its time
		return provider.Outcome{Kind: provider.Accepted}
	}
	id := s.people(1)[0]
	s.turn(id)
	s.until(id, in(fallback.Waiting, 0))
	if got := <-took; got < 3 || got > 4 || len(took) > 0 {
		t.Errorf("measured %.3f s, and %d more; want 3 s once", got, len(took))
	}
}

func TestAnAttemptIsBuiltAsTheCampaignSays(t *testing.T) {
	_, client := redistest.Mini(t)
	s := open(t, client, nil)
	s.answer = always(provider.Outcome{Kind: provider.Accepted})
	id := s.people(1)[0]
	s.turn(id)
	s.until(id, in(fallback.Waiting, 0))
	got := s.sent[0]
	if got.ID != id.Attempt(0, 0) || got.To != number(1) || got.CampaignID != "spring" || got.Variables["name"] != "Ada" || got.Content.Template.ID != 1 {
		t.Errorf("sent %+v", got)
	}
}

func TestARedeliveredJobSendsNothing(t *testing.T) {
	_, client := redistest.Mini(t)
	s := open(t, client, nil)
	s.answer = always(provider.Outcome{Kind: provider.Accepted})
	ids := s.people(2)
	s.turn(ids[0])
	s.until(ids[0], in(fallback.Waiting, 0))
	job := fallback.Job{Attempt: ids[0].Attempt(0, 0), Lane: lane}
	for _, ticket := range []fallback.Stamp{1, 2, 3} { // the queue delivers it again and again
		job.Ticket = ticket
		must(t, s.queue.Enqueue(t.Context(), []fallback.Job{job}))
	}
	s.turn(ids[1])
	s.until(ids[1], in(fallback.Waiting, 0))
	if n := s.requests(); n != 2 {
		t.Errorf("%d requests for two messages", n)
	}
}

func TestAPausedCampaignsJobGoesBackToItsLine(t *testing.T) {
	_, client := redistest.Mini(t)
	s := open(t, client, nil)
	s.answer = always(provider.Outcome{Kind: provider.Accepted})
	id := s.people(1)[0]
	_, err := s.store.Pause(t.Context(), "spring", "test", "")
	must(t, err)
	s.turn(id)
	r := s.until(id, in(fallback.Scheduled, 0))
	if s.requests() != 0 || len(r.History) != 0 {
		t.Errorf("%d requests while paused, history %+v", s.requests(), r.History)
	}
}

func TestAClaimThatIsTooOldStartsNoRequest(t *testing.T) {
	_, client := redistest.Mini(t)
	frozen := make(chan struct{})
	var once sync.Once
	s := open(t, client, func(point string) {
		if point == worker.Claimed {
			once.Do(func() { <-frozen }) // as if the process stood still
		}
	})
	s.answer = always(provider.Outcome{Kind: provider.Accepted})
	id := s.people(1)[0]
	s.turn(id)
	claimed := s.until(id, in(fallback.Sending, 0))
	// Meanwhile its claim ends, and the message moves on.
	_, err := s.door.Judge(t.Context(), time.Now(), []fallback.Record{claimed}, fallback.OnAlarm)
	must(t, err)
	s.ahead.Store(int64(150 * time.Millisecond)) // longer than a claim may wait for its request
	close(frozen)
	// What the worker brings back is that nothing was sent, which is a fact.
	s.until(id, in(fallback.Scheduled, 0))
	if n := s.requests(); n != 0 {
		t.Errorf("%d requests by a claim that was too old", n)
	}
}

func TestAnOutcomeOutlastsARedisThatIsAway(t *testing.T) {
	mini, client := redistest.Mini(t)
	s := open(t, client, nil)
	back := make(chan struct{})
	s.answer = func(campaign.Attempt, provider.Gate) provider.Outcome {
		mini.SetError("LOADING Redis is away")
		close(back)
		return provider.Outcome{Kind: provider.Accepted}
	}
	id := s.people(1)[0]
	s.turn(id)
	<-back
	<-s.tries
	<-s.tries
	mini.SetError("")
	s.until(id, in(fallback.Waiting, 0))
	if n := s.requests(); n != 1 {
		t.Errorf("%d requests", n)
	}
}

func TestMisconfigurationPausesTheLane(t *testing.T) {
	_, client := redistest.Mini(t)
	s := open(t, client, nil)
	s.answer = always(provider.Outcome{Kind: provider.Misconfigured, Reason: "unknown template"})
	id := s.people(1)[0]
	s.turn(id)
	s.until(id, func(r fallback.Record) bool { return s.requests() == 1 && r.State.Phase == fallback.Scheduled })
	status, err := s.limiter.Status(t.Context(), []ratelimit.Query{{Lane: ratelimit.Lane(lane), Account: ratelimit.Account("a")}})
	must(t, err)
	if st := status[0]; st.Cause != ratelimit.Paused || st.Reason != "unknown template" {
		t.Errorf("the lane is %+v, want paused with the reason", st)
	}
}

func TestParkedReceiptsMeetTheirAttempt(t *testing.T) {
	_, client := redistest.Mini(t)
	s := open(t, client, nil)
	s.answer = always(provider.Outcome{Kind: provider.Accepted, ProviderID: "wamid.7"})
	_, _, err := s.store.FindOrPark(t.Context(), "a", campaign.Receipt{ProviderID: "wamid.7", Kind: campaign.ReceiptRead})
	must(t, err)
	id := s.people(1)[0]
	s.turn(id)
	if r := s.until(id, in(fallback.Delivered, 0)); !r.State.Marks.Has(fallback.Read) {
		t.Errorf("ended as %s, want read", r.State)
	}
}
