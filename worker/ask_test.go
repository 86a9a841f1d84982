package worker_test

import (
	"context"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/provider/qlara"
	"github.com/seed-438792ba/cascade/provider/simulator"
	"github.com/seed-438792ba/cascade/ratelimit"
	"github.com/seed-438792ba/cascade/store/redistest"
)

// askable is a shop whose provider is Qlara, played over HTTP by a simulator that has
// nowhere to send its receipts: only who asks is told.
type askable struct {
	*shop
	simulator *simulator.Simulator
}

// What becomes of the messages to these people; see simulator.Magic.
const (
	answerLost = 15 // taken, the answer is lost
	neverTaken = 16 // the first request is lost
	saysNought = 19 // taken, the answer is lost, and questions are answered 503
	wellTaken  = 20
)

func openAskable(t *testing.T, client redis.UniversalClient, sc simulator.Scenario, askerKey string) *askable {
	t.Helper()
	sim, err := simulator.New(simulator.Options{Scenario: sc})
	must(t, err)
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- sim.Run(ctx) }()
	t.Cleanup(func() { stop(); must(t, <-ended) })
	adapter := func(key string) *qlara.Provider {
		wire := provider.NewClient(provider.ClientOptions{})
		t.Cleanup(wire.CloseIdle)
		p, err := qlara.New(qlara.Config{BaseURL: server.URL + "/api", APIKey: provider.NewSecret(key), WhatsApp: &qlara.WhatsApp{PhoneNumberID: 5}}, wire)
		must(t, err)
		return p
	}
	return &askable{fitted(t, client, fittings{sender: adapter("key"), asker: adapter(askerKey)}), sim}
}

// each runs a test on both kinds of Redis.
func each(t *testing.T, test func(*testing.T, redis.UniversalClient)) {
	t.Run("mini", func(t *testing.T) {
		_, client := redistest.Mini(t)
		test(t, client)
	})
	t.Run("real", func(t *testing.T) {
		test(t, redistest.Real(t).Client(t))
	})
}

// person is the message to one of them, sent.
func (a *askable) person(i int) campaign.MessageID {
	a.t.Helper()
	id := a.people(wellTaken)[i-1]
	a.send(id)
	return id
}

// send gives messages turns until each has had its request; a machine that is slow
// gives some back to the line.
func (a *askable) send(ids ...campaign.MessageID) {
	a.t.Helper()
	for len(ids) > 0 {
		a.turn(ids...)
		ids = slices.DeleteFunc(ids, func(id campaign.MessageID) bool {
			r := a.until(id, func(r fallback.Record) bool {
				return r.State.Phase != fallback.Queued && r.State.Phase != fallback.Sending
			})
			return r.State.Phase != fallback.Scheduled
		})
	}
}

// ring rings alarms now, as the scheduler would in their time.
func (a *askable) ring(ids ...campaign.MessageID) {
	a.t.Helper()
	records, err := a.store.Load(a.t.Context(), ids)
	must(a.t, err)
	_, err = a.door.Judge(a.t.Context(), a.Now(), records, fallback.OnAlarm)
	must(a.t, err)
}

// wantRequests compares how the simulator answered all requests to send something.
func (a *askable) wantRequests(want ...string) {
	a.t.Helper()
	var got []string
	for r := range a.simulator.Log(0) {
		got = append(got, r.Answer.String())
	}
	if !slices.Equal(got, want) {
		a.t.Errorf("the provider saw %q, want %q", got, want)
	}
}

func (a *askable) audit() {
	a.t.Helper()
	if problems, err := a.store.Audit(a.t.Context(), a.campaign.Number); err != nil || len(problems) > 0 {
		a.t.Errorf("audit: %v %v", problems, err)
	}
}

func TestALostAnswerIsAskedFor(t *testing.T) {
	each(t, func(t *testing.T, client redis.UniversalClient) {
		a := openAskable(t, client, simulator.Scenario{}, "key")
		id := a.person(answerLost)
		a.until(id, in(fallback.Unknown, 0))
		_, err := a.store.Pause(t.Context(), "spring", "test", "") // who asks claims nothing
		must(t, err)
		a.ring(id)
		r := a.until(id, in(fallback.Delivered, 0))
		if doubt := r.History[0].Doubt; doubt != fallback.DoubtByAsking {
			t.Errorf("the doubt was resolved by %s", doubt)
		}
		a.wantRequests("no_answer")
		a.audit()
	})
}

func TestWhatTheProviderNeverHadIsSentAgainOnce(t *testing.T) {
	each(t, func(t *testing.T, client redis.UniversalClient) {
		a := openAskable(t, client, simulator.Scenario{}, "key")
		id := a.person(neverTaken)
		a.until(id, in(fallback.Unknown, 0))
		a.ring(id)
		a.until(id, func(r fallback.Record) bool { return !r.History[0].Missing.IsZero() })
		if r := a.until(id, in(fallback.Unknown, 0)); r.State.Checks != 1 {
			t.Errorf("after one denial: %s, want it in doubt still", r.State)
		}
		a.ahead.Add(int64(61 * time.Second))
		a.ring(id)
		a.until(id, in(fallback.Scheduled, 0))
		a.ahead.Store(0) // a clock that runs ahead finds every slot over
		a.send(id)
		r := a.until(id, in(fallback.Waiting, 0))
		if h := r.History[0]; h.Doubt != fallback.DoubtByAsking || h.Resent != 1 || len(r.History) != 1 {
			t.Errorf("history %+v", r.History)
		}
		a.wantRequests("unavailable", "taken_as_new")
		a.audit()
	})
}

func TestWhenTheProviderSaysNothingThePolicyDecides(t *testing.T) {
	each(t, func(t *testing.T, client redis.UniversalClient) {
		a := openAskable(t, client, simulator.Scenario{}, "key")
		id := a.person(saysNought)
		r := a.until(id, in(fallback.Unknown, 0))
		questions := 0
		for r.State.Leg == 0 {
			a.ring(id)
			questions++
			r = a.until(id, func(fallback.Record) bool { return int(a.simulator.Stats().Asked) == questions })
			if r.State.Checks >= 9 { // the leg's wait of 30 minutes is over
				r = a.until(id, in(fallback.Scheduled, 1))
			}
		}
		if h := r.History[0]; questions != 9 || h.Doubt != fallback.DoubtByPolicy || h.End != fallback.TimedOut {
			t.Errorf("after %d questions: %+v, want 9 and the policy", questions, h)
		}
		a.wantRequests("no_answer")
		a.audit()
	})
}

// Silence is asked about before it escalates, many messages at once.
func TestLostReceiptsAreAskedFor(t *testing.T) {
	each(t, func(t *testing.T, client redis.UniversalClient) {
		a := openAskable(t, client, simulator.Scenario{}, "key")
		const people = 120
		ids := a.people(wellTaken + people)[wellTaken:]
		a.send(slices.Clone(ids)...)
		a.ring(ids...)
		for _, id := range ids {
			a.until(id, in(fallback.Delivered, 0))
		}
		if asked := a.simulator.Stats().Asked; asked > people/2 {
			t.Errorf("%d questions about %d messages, want them asked together", asked, people)
		}
		a.audit()
	})
}

// Who is silent, and whom the provider does not call delivered, is escalated as soon as
// that is known.
func TestSilenceThatIsNoDeliveryEscalates(t *testing.T) {
	_, client := redistest.Mini(t)
	a := openAskable(t, client, simulator.Scenario{}, "key")
	id := a.person(4) // taken, and never anything of it
	a.until(id, in(fallback.Waiting, 0))
	a.ring(id)
	r := a.until(id, in(fallback.Scheduled, 1))
	if h := r.History[0]; h.Best != fallback.FactSent || h.End != fallback.TimedOut || a.simulator.Stats().Asked != 1 {
		t.Errorf("history %+v", h)
	}
	a.audit()
}

// A 429 to a question holds the lane, for the limit is one.
func TestAThrottledQuestionHoldsTheLane(t *testing.T) {
	_, client := redistest.Mini(t)
	once := simulator.Limits{Account: []campaign.Limit{{N: 1, Window: time.Minute}}}
	a := openAskable(t, client, simulator.Scenario{Limits: once}, "key")
	id := a.person(answerLost)
	a.until(id, in(fallback.Unknown, 0))
	a.ring(id)
	a.until(id, func(fallback.Record) bool { return a.laneIs(ratelimit.Held) })
	if r := a.until(id, in(fallback.Unknown, 0)); r.History[0].Doubt != fallback.InDoubt {
		t.Errorf("history %+v", r.History)
	}
}

// A key that may not ask stops nobody from sending.
func TestAQuestionThatIsNotAllowedPausesNothing(t *testing.T) {
	_, client := redistest.Mini(t)
	a := openAskable(t, client, simulator.Scenario{}, "bad-key")
	id := a.person(answerLost)
	a.until(id, in(fallback.Unknown, 0))
	a.ring(id)
	a.until(id, func(fallback.Record) bool { return a.simulator.Stats().Asked == 1 })
	a.untilIdle()
	if !a.laneIs(ratelimit.None) {
		t.Error("the lane is not free")
	}
	a.until(id, in(fallback.Unknown, 0))
}

func (a *askable) laneIs(want ratelimit.Cause) bool {
	status, err := a.limiter.Status(context.Background(), []ratelimit.Query{{Lane: ratelimit.Lane(lane), Account: ratelimit.Account(lane.Account)}})
	return err == nil && status[0].Cause == want
}
