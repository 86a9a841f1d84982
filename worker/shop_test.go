package worker_test

import (
	"cmp"
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
	"github.com/seed-438792ba/cascade/worker"
)

var lane = campaign.Lane{Account: "a", Channel: campaign.WhatsApp}

// concurrency is how many requests the lane makes at a time.
const concurrency = 8

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
	asked  int // to send something
	sent   []campaign.Attempt
	answer func(campaign.Attempt, provider.Gate) provider.Outcome
}

func (s *shop) Send(_ context.Context, a campaign.Attempt, gate provider.Gate) provider.Outcome {
	s.mu.Lock()
	s.asked++
	s.mu.Unlock()
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

// fittings are what a shop can have otherwise. The zero value is one that the other
// tests want.
type fittings struct {
	at       func(string)
	sender   provider.Sender            // default: the shop
	asker    provider.Asker             // default: nobody can be asked
	limits   []campaign.Limit           // of the lane
	now      func() time.Time           // of the limiter
	queues   redis.UniversalClient      // of all that is not the worker's own; default: its own
	shutdown time.Duration              // how long asynq waits for its handlers; default: its own
	says     func(string)               // hears what asynq logs
	codes    provider.Explainer         // of the account
	campaign string                     // its file; default: a template, and then an SMS
	channel  campaign.Channel           // of the lane; default: WhatsApp
	checker  provider.CapabilityChecker // default: nobody can be asked who is reached
	took     worker.Observer            // of the lane; default: nobody measures
}

func open(t *testing.T, client redis.UniversalClient, at func(string)) *shop {
	t.Helper()
	return fitted(t, client, fittings{at: at})
}

func fitted(t *testing.T, client redis.UniversalClient, f fittings) *shop {
	t.Helper()
	ctx := t.Context()
	st, err := store.New(ctx, store.Options{Client: client})
	must(t, err)
	c, err := campaign.ParseFile("test.yaml", []byte(cmp.Or(f.campaign, `
campaign: spring
route:
  - {channel: whatsapp, account: a, wait: 30m, template: {id: 1, placeholders: [name]}}
  - {channel: sms, account: a, wait: 1h, text: "Ciao {name}"}
`)), nil)
	must(t, err)
	s := &shop{t: t, store: st, client: client, limiter: ratelimit.New(client, ratelimit.Options{Now: f.now}), tries: make(chan string, 100)}
	s.campaign, err = st.Create(ctx, c)
	must(t, err)
	if f.queues == nil {
		f.queues = client
	}
	if f.sender == nil {
		f.sender = s
	}
	queues := store.NewQueueClient(f.queues, store.QueueOptions{})
	s.queue = &scheduler.Queue{Client: asynq.NewClientFromRedisClient(queues)}
	s.door = &fallback.Door{Ledger: st, Book: st, Queue: s.queue}
	if f.asker != nil {
		s.door.Remedy = func(campaign.Lane) fallback.Remedy { return fallback.Ask }
	}
	lane := campaign.Lane{Account: lane.Account, Channel: cmp.Or(f.channel, lane.Channel)}
	scope, account := ratelimit.Lane(lane, f.limits...), ratelimit.Account(lane.Account)
	s.Worker = worker.New(worker.Options{
		Door: s.door, Ledger: st, Pauser: s.limiter, At: f.at, Log: slog.New(tries{slog.DiscardHandler, s.tries}),
		Now:   func() time.Time { return time.Now().Add(time.Duration(s.ahead.Load())) },
		Lanes: []worker.Lane{{Lane: lane, Concurrency: concurrency, Sender: f.sender, Asker: f.asker, Checker: f.checker, Pacer: s.limiter.Pacer(scope, account), Scope: scope, Account: account, Codes: f.codes, Took: f.took}},
		Server: func(queue string, concurrency int) *asynq.Server {
			return asynq.NewServerFromRedisClient(queues, asynq.Config{
				Concurrency: concurrency, Queues: map[string]int{queue: 1}, TaskCheckInterval: 5 * time.Millisecond,
				ShutdownTimeout: f.shutdown, Logger: ears(f.says),
				RetryDelayFunc: func(int, error, *asynq.Task) time.Duration { return 0 },
			})
		},
	})
	must(t, s.Start())
	t.Cleanup(s.Drain)
	return s
}

// ears is asynq's log.
type ears func(string)

func (e ears) hear(words []any) {
	if e != nil {
		e(fmt.Sprint(words...))
	}
}

func (e ears) Debug(words ...any) { e.hear(words) }
func (e ears) Info(words ...any)  { e.hear(words) }
func (e ears) Warn(words ...any)  { e.hear(words) }
func (e ears) Error(words ...any) { e.hear(words) }
func (e ears) Fatal(words ...any) { e.hear(words) }

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

// connects is how often the provider was asked to send, which takes a connection.
func (s *shop) connects() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

// untilIdle waits until the lane's queue has nothing to do.
func (s *shop) untilIdle() {
	s.t.Helper()
	deadline := time.After(10 * time.Second)
	for {
		depths, err := store.Depths(s.t.Context(), s.client, []string{lane.String()})
		must(s.t, err)
		if depths[lane.String()] == (store.Depth{}) {
			return
		}
		select {
		case <-deadline:
			s.t.Fatalf("the queue has work, and keeps it: %+v", depths)
		case <-time.After(2 * time.Millisecond): // look again
		}
	}
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

func (r *rows) Header() []string { return nil }
func (r *rows) Names() []string  { return []string{"name"} }
func (r *rows) Blank() int       { return 0 }
func (r *rows) Next() (campaign.Recipient, *campaign.Reject, error) {
	if r.at == r.n {
		return campaign.Recipient{}, nil, io.EOF
	}
	r.at++
	return campaign.Recipient{Row: campaign.Row{Line: uint32(r.at)}, To: number(r.at), Variables: campaign.Variables{"name": "Ada"}}, nil, nil
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
