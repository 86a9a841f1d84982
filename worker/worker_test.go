package worker_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/ratelimit"
	"github.com/seed-438792ba/cascade/scheduler"
	"github.com/seed-438792ba/cascade/store"
	"github.com/seed-438792ba/cascade/store/redistest"
	"github.com/seed-438792ba/cascade/worker"
)

var lane = campaign.Lane{Account: "a", Channel: campaign.WhatsApp}

// shop is a worker of one lane over a real ledger and real queues, with a provider
// that does as the test says.
type shop struct {
	*worker.Worker
	t        *testing.T
	store    *store.Store
	client   redis.UniversalClient
	limiter  *ratelimit.Limiter
	queue    *scheduler.Queue
	door     *fallback.Door
	campaign *store.Campaign

	ahead atomic.Int64 // what the worker's clock is ahead of ours
	tries chan string  // what it tries again

	mu     sync.Mutex
	sent   []campaign.Attempt
	answer func(campaign.Attempt, provider.Gate) provider.Outcome
}

func (s *shop) Send(_ context.Context, a campaign.Attempt, gate provider.Gate) provider.Outcome {
	if err := gate(); err != nil {
		return provider.Outcome{Kind: provider.Postponed, Reason: "gate"}
	}
	s.mu.Lock()
	s.sent = append(s.sent, a)
	answer := s.answer
	s.mu.Unlock()
	return answer(a, gate)
}

func always(o provider.Outcome) func(campaign.Attempt, provider.Gate) provider.Outcome {
	return func(campaign.Attempt, provider.Gate) provider.Outcome { return o }
}

func (s *shop) requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sent)
}

func open(t *testing.T, client redis.UniversalClient, at func(string)) *shop {
	t.Helper()
	ctx := t.Context()
	st, err := store.New(ctx, store.Options{Client: client})
	must(t, err)
	c, err := campaign.ParseFile("test.yaml", []byte(`
campaign: spring
route:
  - {channel: whatsapp, account: a, wait: 30m, template: {id: 1, placeholders: [name]}}
  - {channel: sms, account: a, wait: 1h, text: "Ciao {name}"}
`), nil)
	must(t, err)
	s := &shop{t: t, store: st, client: client, limiter: ratelimit.New(client, ratelimit.Options{}), tries: make(chan string, 100)}
	s.campaign, err = st.Create(ctx, c)
	must(t, err)
	queues := store.NewQueueClient(client, store.QueueOptions{})
	s.queue = &scheduler.Queue{Client: asynq.NewClientFromRedisClient(queues)}
	s.door = &fallback.Door{Ledger: st, Book: st, Queue: s.queue}
	scope, account := ratelimit.Lane(lane), ratelimit.Account(lane.Account)
	s.Worker = worker.New(worker.Options{
		Door: s.door, Ledger: st, Pauser: s.limiter, At: at, Log: slog.New(tries{slog.DiscardHandler, s.tries}),
		Now:   func() time.Time { return time.Now().Add(time.Duration(s.ahead.Load())) },
		Lanes: []worker.Lane{{Lane: lane, Concurrency: 8, Sender: s, Pacer: s.limiter.Pacer(scope, account), Scope: scope, Account: account}},
		Server: func(queue string, concurrency int) *asynq.Server {
			return asynq.NewServerFromRedisClient(queues, asynq.Config{
				Concurrency: concurrency, Queues: map[string]int{queue: 1}, TaskCheckInterval: 5 * time.Millisecond, LogLevel: asynq.FatalLevel,
				RetryDelayFunc: func(int, error, *asynq.Task) time.Duration { return 0 },
			})
		},
	})
	must(t, s.Start())
	t.Cleanup(s.Drain)
	return s
}

// tries is a log that tells what is tried again.
type tries struct {
	slog.Handler
	seen chan string
}

func (h tries) Enabled(context.Context, slog.Level) bool { return true }
func (h tries) Handle(_ context.Context, r slog.Record) error {
	if r.Message == "trying again" {
		select {
		case h.seen <- r.Message:
		default:
		}
	}
	return nil
}

// people imports n of them and starts the campaign.
func (s *shop) people(n int) []campaign.MessageID {
	s.t.Helper()
	ctx := s.t.Context()
	_, err := s.store.Import(ctx, "spring", &rows{n: n}, store.Watcher{})
	must(s.t, err)
	must(s.t, s.store.Start(ctx, "spring", "test"))
	ids := make([]campaign.MessageID, n)
	for i := range ids {
		ids[i] = s.store.IDKey().Message("spring", number(i+1), "")
	}
	return ids
}

// turn queues messages, as the scheduler would.
func (s *shop) turn(ids ...campaign.MessageID) {
	s.t.Helper()
	records, err := s.store.Load(s.t.Context(), ids)
	must(s.t, err)
	_, err = s.door.Judge(s.t.Context(), time.Now(), records, fallback.OnTurn)
	must(s.t, err)
}

// until waits for a message to be as the test wants it.
func (s *shop) until(id campaign.MessageID, want func(fallback.Record) bool) fallback.Record {
	s.t.Helper()
	deadline := time.After(10 * time.Second)
	for {
		records, err := s.store.Load(context.Background(), []campaign.MessageID{id})
		if err == nil && want(records[0]) {
			return records[0]
		}
		select {
		case <-deadline:
			s.t.Fatalf("message is %s (%v), and stays so; history %+v", records[0].State, err, records[0].History)
		case <-time.After(2 * time.Millisecond): // look again
		}
	}
}

func in(p fallback.Phase, leg uint8) func(fallback.Record) bool {
	return func(r fallback.Record) bool { return r.State.Phase == p && r.State.Leg == leg }
}

type rows struct{ n, at int }

func number(i int) campaign.Destination { return campaign.Destination(fmt.Sprintf("+39340%07d", i)) }

func (r *rows) Names() []string { return []string{"name"} }
func (r *rows) Blank() int      { return 0 }
func (r *rows) Next() (campaign.Recipient, *campaign.Reject, error) {
	if r.at == r.n {
		return campaign.Recipient{}, nil, io.EOF
	}
	r.at++
	return campaign.Recipient{Row: campaign.Row{Line: uint32(r.at)}, To: number(r.at), Variables: campaign.Variables{"name": "Ada"}}, nil, nil
}

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

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
