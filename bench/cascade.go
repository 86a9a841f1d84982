package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/hibiken/asynq"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/config"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/scheduler"
	"github.com/seed-438792ba/cascade/store"
)

// house is Cascade's ledger in this process, where the bench prepares what is
// measured, and looks at it.
type house struct {
	config string // file
	redis  *store.Redis
	store  *store.Store
	door   *fallback.Door
	lanes  []config.Lane
}

// house opens the ledger on a server; the provider is the sink.
func (l *lab) house(ctx context.Context, s *server, provider, listen, extra string) (*house, error) {
	text := fmt.Sprintf(`redis: redis://%s/0
listen: %s
tokens:
  - {name: bench, role: admin, token: bench-token-on-loopback}
accounts:
  qlara:
    provider: qlara
    base_url: %s/api
    api_key: bench
    callback_secret: bench-secret-on-loopback
    limits: []
    whatsapp: {phone_number_id: 5, concurrency: 64, limits: [%s]}
    rcs: {agent_id: 1, concurrency: 64, limits: []}
    sms: {sender: MyBrand, concurrency: 64, limits: []}
`, s.addr, listen, provider, extra)
	h := &house{config: filepath.Join(l.dir, "cascade.yaml")}
	if err := os.WriteFile(h.config, []byte(text), 0o600); err != nil {
		return nil, err
	}
	cfg, err := config.Load(h.config, nothing)
	if err != nil {
		return nil, err
	}
	h.lanes = cfg.Lanes()
	if h.redis, err = store.Connect("redis://" + s.near + "/0"); err != nil {
		return nil, err
	}
	if h.store, err = store.New(ctx, store.Options{Client: h.redis.Plain}); err != nil {
		return nil, err
	}
	queue := store.NewQueueClient(h.redis.Plain, store.QueueOptions{})
	h.door = &fallback.Door{Ledger: h.store, Book: h.store,
		Queue: &scheduler.Queue{Client: asynq.NewClientFromRedisClient(queue), Together: store.Together}}
	return h, nil
}

// nothing is an environment that sets nothing.
func nothing(string) (string, bool) { return "", false }

func (h *house) close() { _ = h.redis.Close() }

// sample is a campaign of three legs whose first request has about 500 bytes.
const sample = `campaign: bench
route:
  - {channel: whatsapp, account: qlara, wait: 2h, template: {id: 42, placeholders: [nome, codiceSconto, scadenza], media_url: "https://media.example.com/spring/collection/2026/hero-image-of-the-season-in-two-colours-and-three-sizes.jpg?campaign=spring-sale&placement=whatsapp-header&version=20261120T080000Z"}}
  - {channel: rcs, account: qlara, wait: 1h, template: {id: 10, placeholders: [nome]}}
  - {channel: sms, account: qlara, wait: 1h, text: "Ciao {nome}, il tuo sconto: {codiceSconto} fino al {scadenza}"}
recipients:
  region: IT
  columns: {destination: telefono}
`

// people writes a CSV of n recipients with three short variables.
func people(w io.Writer, n int) {
	fmt.Fprintln(w, "Nome,Telefono,Codice Sconto,Scadenza")
	for i := range n {
		fmt.Fprintf(w, "Maria%d,+39347%07d,SPRING%d,31.12.\n", i%100, i, 10+i%90)
	}
}

// fill imports n people into the sample campaign, and starts it if it is told to.
func (h *house) fill(ctx context.Context, n int, start bool) (*store.Campaign, error) {
	cfg, err := config.Load(h.config, nothing)
	if err != nil {
		return nil, err
	}
	c, err := campaign.ParseFile("bench.yaml", []byte(sample), cfg.Accounts)
	if err != nil {
		return nil, err
	}
	entered, err := h.store.Create(ctx, c)
	if err != nil {
		return nil, err
	}
	source, sink := io.Pipe()
	go func() { people(sink, n); _ = sink.Close() }()
	reader, err := campaign.NewReader(source, c, campaign.ReaderOptions{})
	if err != nil {
		return nil, err
	}
	report, err := h.store.Import(ctx, c.ID, reader, store.Watcher{})
	if err != nil {
		return nil, err
	}
	if report.Accepted != n {
		return nil, fmt.Errorf("%d of %d people were accepted: %v", report.Accepted, n, report.Reasons)
	}
	if start {
		err = h.store.Start(ctx, c.ID, "bench")
	}
	return entered, err
}

// queueAll puts the jobs of all that is due on the queues, as the scheduler does, but
// without its look-ahead's bound: a worker is to be measured, not who feeds it. The
// scheduler then goes on until the end, for what the worker gives back.
func (h *house) queueAll(ctx context.Context, n int) (end func(), err error) {
	o := scheduler.Options{Name: "bench", Ledger: h.store, Door: h.door,
		Depths: func(_ context.Context, lanes []campaign.Lane) ([]int, error) { return make([]int, len(lanes)), nil },
		Wait: func(_ context.Context, turns []scheduler.Turn) ([]time.Duration, error) {
			return make([]time.Duration, len(turns)), nil
		},
	}
	for _, l := range h.lanes {
		o.Lanes = append(o.Lanes, scheduler.Lane{Lane: l.Lane, Ahead: n})
	}
	s := scheduler.New(o)
	if _, err := s.Round(ctx); err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	var wait sync.WaitGroup
	wait.Go(func() { _ = s.Run(ctx) })
	return func() { stop(); wait.Wait() }, nil
}

// runCascade sends n messages with one worker process.
func runCascade(ctx context.Context, l *lab, t terms, n int) (figures, error) {
	server, s, err := l.stage(ctx, t)
	if err != nil {
		return nil, err
	}
	defer s.process.kill()
	defer server.close()
	h, err := l.house(ctx, server, s.url, "127.0.0.1:0", "")
	if err != nil {
		return nil, err
	}
	defer h.close()
	c, err := h.fill(ctx, n, true)
	if err != nil {
		return nil, err
	}
	end, err := h.queueAll(ctx, n)
	if err != nil {
		return nil, err
	}
	defer end()
	w := &watcher{sink: s, server: server}
	w.begin(ctx)
	if w.worker, err = l.start("cascade", l.binary, nil, "serve", "--config", h.config, "--roles", "worker"); err != nil {
		return nil, err
	}
	return w.end(ctx, n, func() (bool, error) {
		counts, _, err := h.store.Counts(ctx, c.Number)
		if err != nil || counts.Phase(fallback.Waiting) < n {
			return false, err
		}
		return server.idle(ctx, h.lanes[0].Lane.String())
	})
}
