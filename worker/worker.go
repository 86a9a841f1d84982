package worker

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hibiken/asynq"
	"golang.org/x/time/rate"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/ratelimit"
)

// Door is the way in which the worker tells messages what happened.
type Door interface {
	Advance(ctx context.Context, now time.Time, orders ...fallback.Order) ([]fallback.Result, error)
}

// Ledger is what the worker asks of storage besides the door.
type Ledger interface {
	fallback.Book
	People
	// Load gives records; one that is not there has the zero stamp.
	Load(ctx context.Context, ids []campaign.MessageID) ([]fallback.Record, error)
	// Names are the names of the values that the campaign's records keep.
	Names(ctx context.Context, n campaign.Number) ([]string, error)
	// Enter notes the provider's own id of an attempt, and gives the receipts that came
	// before it was known.
	Enter(ctx context.Context, account, providerID string, a campaign.AttemptID) ([]campaign.Receipt, error)
}

// Pauser pauses a lane or an account whose configuration is at fault, until a person
// has mended it.
type Pauser interface {
	Pause(ctx context.Context, s ratelimit.Scope, reason, by string) error
}

// Observer is told numbers, one after the other.
type Observer interface{ Observe(float64) }

// Lane is a lane to be worked.
type Lane struct {
	campaign.Lane
	Concurrency int // requests at the same time
	Sender      provider.Sender
	Asker       provider.Asker             // nil: the provider cannot be asked
	Checker     provider.CapabilityChecker // nil: nor whether somebody can be reached
	Pacer       *ratelimit.Pacer
	Scope       ratelimit.Scope // of the lane
	Account     ratelimit.Scope
	Codes       provider.Explainer // of the account; nil: what an outcome means beyond its kind is not known
	Took        Observer           // how long each request took until its answer, in seconds; nil: nobody measures
}

// Options are what a Worker needs. All but Intake, Log, Now and At must be set.
type Options struct {
	Door   Door
	Ledger Ledger
	Pauser Pauser
	Lanes  []Lane
	Intake Intake // serves IntakeQueue; nil: others do
	// Server makes the asynq server of one lane's queue.
	Server func(queue string, concurrency int) *asynq.Server
	Log    *slog.Logger
	Now    func() time.Time
	// At is called at named points of a send, so that tests can kill or freeze the
	// process right there: Claimed and Answered.
	At func(point string)
}

// The named points of a send.
const (
	Claimed  = "claimed"  // the claim is durable, the request has not begun
	Answered = "answered" // the provider has answered, nothing of that is recorded
)

// Worker works some lanes. Make one with New.
type Worker struct {
	Options
	servers []*asynq.Server
	hands   []*hands
	busy    sync.WaitGroup // handlers at work
	held    atomic.Int64   // jobs to be sent that are in hand
	runs    provider.Runs
	quit    func() // ends all questions
}

// inHand is how many jobs a lane has in hand for each request that it may have at the
// provider: while some are there, others are read, claimed and recorded.
const inHand = 2

// New makes a worker; Start starts it.
func New(o Options) *Worker {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.At == nil {
		o.At = func(string) {}
	}
	return &Worker{Options: o, quit: func() {}}
}

// Start begins to take jobs: one asynq server for each lane, so that a slow lane never
// delays another.
func (w *Worker) Start() error {
	asking, quit := context.WithCancel(context.Background())
	w.quit = quit
	for i := range w.Lanes {
		l := &lane{worker: w, Lane: w.Lanes[i], requests: make(chan struct{}, w.Lanes[i].Concurrency)}
		l.checks = &checks{lane: l}
		jobs := inHand * l.Concurrency
		h := newHands(jobs, l.handle)
		w.hands = append(w.hands, h)
		mux := asynq.NewServeMux()
		mux.HandleFunc(fallback.JobType, func(ctx context.Context, task *asynq.Task) error {
			w.busy.Add(1)
			w.held.Add(1)
			defer func() { w.held.Add(-1); w.busy.Done() }()
			return h.do(ctx, task)
		})
		mux.HandleFunc(fallback.AskType, (&desk{lane: l, quit: asking, complaint: rate.Sometimes{Interval: time.Minute}}).handle)
		server := w.Server(l.Lane.String(), jobs)
		if err := server.Start(mux); err != nil {
			return err
		}
		w.servers = append(w.servers, server)
	}
	return w.startIntake()
}

// InHand is how many jobs this worker has taken and not ended, but for questions.
func (w *Worker) InHand() int { return int(w.held.Load()) }

// flushTime bounds how long a drain waits for the last word about the lanes.
const flushTime = 5 * time.Second

// Drain takes no more jobs, and returns when those in hand have been sent and
// recorded.
func (w *Worker) Drain() {
	w.quit()
	var wait sync.WaitGroup
	for _, s := range w.servers {
		s.Stop()
		wait.Go(s.Shutdown)
	}
	wait.Wait()
	w.busy.Wait() // asynq gives up on handlers after a while; an outcome is worth the wait
	for _, h := range w.hands {
		h.end()
	}
	ctx, done := context.WithTimeout(context.Background(), flushTime)
	defer done()
	for _, l := range w.Lanes {
		if err := l.Pacer.Flush(ctx); err != nil {
			w.Log.Warn("the last results of a lane are not written; its gentle start will wait for them", "lane", l.Lane, "error", err)
		}
	}
}
