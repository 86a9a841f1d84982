//go:build proof && linux

package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider/simulator"
	"github.com/seed-438792ba/cascade/store"
	"github.com/seed-438792ba/cascade/store/redistest"
)

// setup is what a proof wants to be different from the others.
type setup struct {
	// Limits as they stand in the configuration, "" is none: of each account, and of
	// its channels.
	account, whatsapp, rcs, sms string
	accounts                    int    // 0: one, named qlara; more are named q1, q2, …
	address                     string // of Redis; "": a redis-server of the lab's own
	scenario                    simulator.Scenario
	webhook                     string // address of a receiver that is told; "": nobody is
}

// lab is the equipment of one proof: a Redis, the simulated provider, the configuration
// that joins them, and the processes under test.
type lab struct {
	*testing.T
	binary, dir string
	redis       *redistest.Server // nil: the proof has brought its own
	address     string            // of Redis
	clients     *store.Redis
	ledger      *store.Store
	provider    string // http://host:port of the simulator
	api         string // http://host:port of the process with the role
	config      string // file
	processes   []*process
	forgot      bool // Redis was put back as it had been earlier
}

const (
	proofToken  = "proof-token-on-loopback"
	proofSecret = "proof-secret-on-loopback"
)

// durable is how every redis-server of a proof keeps what it is told.
var durable = []string{"--appendonly yes", "--appendfsync everysec"}

func newLab(t *testing.T, binary string, s setup) *lab {
	t.Helper()
	l := &lab{T: t, binary: binary, dir: t.TempDir(), address: s.address}
	if l.address == "" {
		l.redis = redistest.Real(t, durable...)
		l.address = l.redis.URL
	}
	t.Cleanup(l.end)
	l.provider, l.api = "http://"+loopback(t), "http://"+loopback(t)
	l.config = l.file("cascade.yaml", l.configuration(s))
	l.openLedger()
	scenario := l.file("scenario.yaml", s.scenario.String())
	l.launch("simulate", nil, "simulate", "--listen", strings.TrimPrefix(l.provider, "http://"),
		"--callbacks", l.api+"/callbacks/qlara/"+proofSecret, "--scenario", scenario)
	l.until("the simulator to answer", 20*time.Second, func() bool { return l.get(l.provider+"/sim/stats", nil) == nil })
	return l
}

func (l *lab) openLedger() {
	l.Helper()
	var err error
	if l.clients, err = store.Connect(l.address); err != nil {
		l.Fatal(err)
	}
	l.Cleanup(func() { _ = l.clients.Close() })
	o := store.Options{Client: l.clients.Client, Cluster: strings.HasPrefix(l.address, "redis-cluster://")}
	if l.ledger, err = store.New(l.Context(), o); err != nil {
		l.Fatal(err)
	}
}

func (l *lab) configuration(s setup) string {
	var text strings.Builder
	fmt.Fprintf(&text, "redis: %s\nlisten: %s\n", l.address, strings.TrimPrefix(l.api, "http://"))
	fmt.Fprintf(&text, "tokens:\n  - {name: proof, role: admin, token: %s}\naccounts:\n", proofToken)
	names := []string{"qlara"}
	for i := 1; i < s.accounts; i++ {
		names = append(names, fmt.Sprintf("q%d", i))
	}
	for _, name := range names {
		fmt.Fprintf(&text, `  %s:
    provider: qlara
    base_url: %s/api
    api_key: proof
    callback_secret: %s
    limits: [%s]
    whatsapp: {phone_number_id: 5, concurrency: 64, limits: [%s]}
    rcs: {agent_id: 1, concurrency: 64, limits: [%s]}
    sms: {sender: MyBrand, concurrency: 64, limits: [%s]}
`, name, l.provider, proofSecret, s.account, s.whatsapp, s.rcs, s.sms)
		if s.webhook != "" {
			fmt.Fprintln(&text, "    webhook: {to: outside}")
		}
	}
	if s.webhook != "" {
		fmt.Fprintf(&text, "webhooks:\n  outside: {url: %q, secret: %s, allow_http: true, allow_networks: [127.0.0.0/8]}\n", s.webhook, outsideSecret)
	}
	return text.String()
}

// worker starts a process with the role. fault is a value of CASCADE_FAULT, or "".
func (l *lab) worker(name, fault string) *process {
	l.Helper()
	return l.launch(name, []string{faultVariable + "=" + fault, "CASCADE_LISTEN=127.0.0.1:0"},
		"serve", "--config", l.config, "--roles", "worker")
}

// scheduler starts a process with the role.
func (l *lab) scheduler() *process {
	l.Helper()
	return l.launch("scheduler", []string{"CASCADE_LISTEN=127.0.0.1:0"}, "serve", "--config", l.config, "--roles", "scheduler")
}

// serve starts a process with these roles, the API among them, and waits until it
// answers.
func (l *lab) serve(roles string) *process {
	l.Helper()
	p := l.launch("serve", nil, "serve", "--config", l.config, "--roles", roles)
	l.until("the API to answer", 20*time.Second, func() bool { return l.get(l.api+"/readyz", nil) == nil })
	return p
}

// run starts a run of a campaign, which goes on until every message is closed.
func (l *lab) run(c, recipients string) *process {
	l.Helper()
	return l.launch("run", nil, "run", c, "--recipients", recipients, "--config", l.config, "--roles", "api,scheduler", "--output", "json")
}

// finished waits for a run's end and gives the summary that it prints.
func (l *lab) finished(run *process, within time.Duration) (sum campaign.Summary) {
	l.Helper()
	run.mayEnd.Store(true)
	l.until("the run to end", within, run.hasEnded)
	if code := run.exit(); code != 0 {
		l.Fatalf("the run ended with %d, want 0", code)
	}
	text := "\n" + run.printed(l.T)
	if err := json.Unmarshal([]byte(text[strings.LastIndex(text, "\n{")+1:]), &sum); err != nil {
		l.Fatalf("read the run's summary: %v\n%s", err, text)
	}
	return sum
}

func (l *lab) launch(name string, env []string, args ...string) *process {
	l.Helper()
	p := launch(l.T, l.dir, fmt.Sprintf("%02d-%s", len(l.processes), name), l.binary, env, args...)
	l.processes = append(l.processes, p)
	return p
}

// end ends whatever still runs, and shows after a failure what it said.
func (l *lab) end() {
	for _, p := range l.processes {
		p.bounded(l.T)
	}
	if l.Failed() {
		for _, p := range l.processes {
			l.Logf("%s\n%s", p.name, p.tail())
		}
	}
}

// until waits for a condition, and fails the proof when it takes too long or when a
// process ends that should not.
func (l *lab) until(what string, within time.Duration, ok func() bool) {
	l.Helper()
	const look = 50 * time.Millisecond
	deadline := time.Now().Add(within)
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	for !ok() {
		for _, p := range l.processes {
			if p.hasEnded() && !p.mayEnd.Load() {
				l.Fatalf("waiting for %s: %s ended with %d", what, p.name, p.exit())
			}
		}
		if time.Now().After(deadline) {
			l.Fatalf("waited %s for %s", within, what)
		}
		<-ticker.C
	}
}

// proved prints a proof's figures, if it is one.
func (l *lab) proved(format string, figures ...any) {
	l.Helper()
	verdict := "PROOF"
	if l.Failed() {
		verdict = "NOT PROVED"
	}
	l.Logf(verdict+" "+format, figures...)
}

// queues are those of the account that every proof uses.
var queues = []string{"qlara.whatsapp", "qlara.rcs", "qlara.sms"}

// jobs is how many jobs are on their queues, wherever they stand there.
func (l *lab) jobs() (n int) {
	l.Helper()
	depths, err := store.Depths(l.Context(), l.clients.Client, queues)
	if err != nil {
		l.Fatal(err)
	}
	for _, d := range depths {
		n += d.Pending + d.Active + d.Scheduled + d.Retry
	}
	return n
}

// passes waits for a time that is part of what is proved.
func (l *lab) passes(what string, d time.Duration) {
	l.Helper()
	over := time.Now().Add(d)
	l.until(what, d+time.Minute, func() bool { return time.Now().After(over) })
}

func (l *lab) file(name, text string) string {
	l.Helper()
	path := filepath.Join(l.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		l.Fatal(err)
	}
	return path
}

// loopback finds a free address, below the ports that outgoing connections are given.
func loopback(t *testing.T) string {
	t.Helper()
	for range 100 {
		addr := fmt.Sprintf("127.0.0.1:%d", 30_000+rand.IntN(2_000))
		if listener, err := net.Listen("tcp", addr); err == nil {
			_ = listener.Close()
			return addr
		}
	}
	t.Fatal("no free port between 30000 and 32000 in a hundred tries")
	return ""
}
