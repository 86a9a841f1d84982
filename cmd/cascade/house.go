package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/hibiken/asynq"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/config"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/metrics"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/ratelimit"
	"github.com/seed-438792ba/cascade/scheduler"
	"github.com/seed-438792ba/cascade/store"
	"github.com/seed-438792ba/cascade/traces"
	"github.com/seed-438792ba/cascade/worker"
)

// house is everything that the roles share: the ledger, the limits, the door, and the
// adapters of the providers.
type house struct {
	config   *config.Config
	log      *slog.Logger
	redis    *store.Redis
	embedded *embedded // nil: Redis is elsewhere
	store    *store.Store
	limiter  *ratelimit.Limiter
	bell     *store.Bell
	queue    *store.QueueClient
	hearing  *store.Hearing
	rules    store.HearingRules // when receipts have stopped
	door     *fallback.Door
	adapters map[string]config.Adapter
	metrics  *metrics.Metrics
	traces   *traces.Traces // nil: off
	lanes    []config.Lane
	name     string // of this process
	demo     bool   // everything is pretended
}

// nudgeBell is the name under which the scheduler is woken.
const nudgeBell = "scheduler"

// open builds the house. Redis must answer, and be fit to be a ledger.
func open(ctx context.Context, cfg *config.Config, log *slog.Logger) (*house, error) {
	h := &house{config: cfg, log: log, lanes: cfg.Lanes()}
	h.name = fmt.Sprintf("%s-%d-%s", hostname(), os.Getpid(), rand.Text()[:6])
	if err := h.build(ctx); err != nil {
		h.close()
		return nil, err
	}
	return h, nil
}

func (h *house) build(ctx context.Context) (err error) {
	cfg, log := h.config, h.log
	address := cfg.Redis.Address()
	store.LogDriver(log)
	if cfg.Redis.Embedded() {
		if h.embedded, err = startEmbedded(); err != nil {
			return err
		}
		address = h.embedded.address()
	}
	if h.redis, err = store.Connect(address); err != nil {
		return err
	}
	facts, err := h.inspect(ctx)
	if err != nil {
		return err
	}
	h.store, err = store.New(ctx, store.Options{
		Client: h.redis.Client, IDKey: cfg.IDKey, Cluster: facts.Mode == "cluster", Log: log,
		Tells: func(c *campaign.Campaign) bool { return h.webhookOf(c) != nil },
	})
	if err != nil {
		return err
	}
	if h.adapters, err = cfg.Providers(provider.ClientOptions{}); err != nil {
		return err
	}
	h.metrics = h.newMetrics()
	if h.traces, err = traces.New(ctx, traces.Options{Env: os.LookupEnv, Version: thisBuild().Version, Log: log}); err != nil {
		return err
	}
	h.limiter = ratelimit.New(h.redis.Client, ratelimit.Options{Held: h.metrics.Held, Log: log})
	h.bell = store.NewBell(h.redis.Client)
	h.queue = store.NewQueueClient(h.redis.Client, store.QueueOptions{Bell: h.bell})
	h.hearing = h.store.NewHearing(h.rules, h.reporting()...)
	h.door = &fallback.Door{
		Ledger: h.traces.Ledger(h.metrics.Ledger(h.hearing.Ledger(h.store), h.store), h.store), Book: h.store,
		Queue:  &scheduler.Queue{Client: asynq.NewClientFromRedisClient(h.queue), Together: store.Together},
		Remedy: h.remedy,
		Nudge:  func() { h.bell.Ring(nudgeBell) },
	}
	return nil
}

// codes explain the providers' reasons, by account.
func (h *house) codes() api.Codes {
	codes := make(api.Codes, len(h.adapters))
	for name, a := range h.adapters {
		codes[name] = a
	}
	return codes
}

// reporting are the lanes on which receipts are expected.
func (h *house) reporting() (lanes []campaign.Lane) {
	for _, l := range h.lanes {
		if l.Receipts {
			lanes = append(lanes, l.Lane)
		}
	}
	return lanes
}

// inspect refuses a Redis that would lose messages, and warns of what may.
func (h *house) inspect(ctx context.Context) (store.Facts, error) {
	if h.embedded != nil {
		return store.Facts{}, nil // what it lacks is said at the start
	}
	facts, findings, err := h.redis.Preflight(ctx)
	if err != nil {
		return facts, fmt.Errorf("redis at %s: %w", h.config.Redis, err)
	}
	var refused []error
	for _, f := range findings {
		if f.Severity == store.Refuse {
			refused = append(refused, fmt.Errorf("redis at %s: %s. %s", h.config.Redis, f.Text, f.Mend))
		} else {
			h.log.Warn("Redis: "+f.Text, "mend", f.Mend)
		}
	}
	return facts, errors.Join(refused...)
}

func (h *house) close() {
	const within = 5 * time.Second // for a collector that does not answer
	ctx, done := context.WithTimeout(context.Background(), within)
	defer done()
	if err := h.traces.Close(ctx); err != nil {
		h.log.Warn("the last traces are not sent", "error", err)
	}
	if h.redis != nil {
		_ = h.redis.Close()
	}
	if h.embedded != nil {
		h.embedded.close()
	}
}

// scopes are the limits' places of a lane.
func scopes(l config.Lane) (lane, account ratelimit.Scope) {
	return ratelimit.Lane(l.Lane, l.Limits...), ratelimit.Account(l.Lane.Account, l.AccountLimits...)
}

// newWorker builds the worker of all configured lanes.
func (h *house) newWorker() *worker.Worker {
	o := worker.Options{
		Door: h.door, Ledger: h.store, Pauser: h.limiter, Intake: h.register(), Log: h.log, Server: h.newServer, At: faults(os.Getenv(faultVariable)),
	}
	for _, l := range h.lanes {
		lane, account := scopes(l)
		o.Lanes = append(o.Lanes, worker.Lane{
			Lane: l.Lane, Concurrency: l.Concurrency, Sender: h.adapters[l.Lane.Account], Asker: h.asker(l.Lane), Checker: h.checker(l.Lane),
			Pacer: h.limiter.Pacer(lane, account), Scope: lane, Account: account, Codes: h.adapters[l.Lane.Account],
			Took: h.metrics.Took(l.Lane),
		})
	}
	return worker.New(o)
}

// newScheduler builds the scheduler of all configured lanes.
func (h *house) newScheduler() *scheduler.Scheduler {
	o := scheduler.Options{
		Name: h.name, Ledger: h.store, Door: h.door, Depths: h.depths, Wait: h.waits, Rest: h.hearing.Rest, Log: h.log,
		Nudged: func() <-chan struct{} { return h.bell.Next(nudgeBell) },
	}
	for _, l := range h.lanes {
		rate := perSecond(l)
		o.Lanes = append(o.Lanes, scheduler.Lane{Lane: l.Lane, Ahead: scheduler.Ahead(rate, l.Concurrency)})
	}
	return scheduler.New(o)
}

// perSecond is the pace that a lane's limits allow; 0: it has none.
func perSecond(l config.Lane) (rate float64) {
	for _, limits := range [][]campaign.Limit{l.Limits, l.AccountLimits} {
		for _, limit := range limits {
			if r := limit.PerSecond(); rate == 0 || r < rate {
				rate = r
			}
		}
	}
	return rate
}

// depths says how many jobs wait on each lane's queue.
func (h *house) depths(ctx context.Context, lanes []campaign.Lane) ([]int, error) {
	names := make([]string, len(lanes))
	for i, l := range lanes {
		names[i] = l.String()
	}
	found, err := store.Depths(ctx, h.redis.Client, names)
	depths := make([]int, len(lanes))
	for i, name := range names {
		depths[i] = found[name].Pending
	}
	return depths, err
}

// waits says how long until each campaign could have a slot on its lane.
func (h *house) waits(ctx context.Context, turns []scheduler.Turn) ([]time.Duration, error) {
	queries := make([]ratelimit.Query, len(turns))
	for i, t := range turns {
		l, _ := h.config.Accounts.Lane(t.Lane)
		lane, account := scopes(l)
		queries[i] = ratelimit.Query{Lane: lane, Account: account}
		if c, err := h.store.Campaign(ctx, t.Campaign); err == nil {
			queries[i].Campaign = ratelimit.Campaign(t.Campaign, c.Throttle...)
		}
	}
	status, err := h.limiter.Status(ctx, queries)
	if err != nil {
		return nil, err
	}
	waits := make([]time.Duration, len(turns))
	for i := range status {
		waits[i] = status[i].Wait
	}
	return waits, nil
}

func hostname() string {
	name, err := os.Hostname()
	if err != nil {
		return "unnamed"
	}
	return name
}
