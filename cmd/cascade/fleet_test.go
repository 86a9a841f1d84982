package main

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/client"
	"github.com/seed-438792ba/cascade/provider/simulator"
	"github.com/seed-438792ba/cascade/store"
)

const tomorrow = `campaign: tomorrow
start: 2099-01-01T09:00:00Z
route:
  - {channel: whatsapp, account: qlara, wait: 20s, template: {id: 42}}
recipients: {region: IT, columns: {destination: telefono}}
`

// What stands in line behind a queue is told, which asynq knows nothing of, and so are
// the processes.
func TestQueuesAndProcessesAreTold(t *testing.T) {
	t.Parallel()
	r := newRig(t, simulator.Scenario{})
	file, people := r.file("tomorrow.yaml", tomorrow), r.file("people.csv", "telefono\n+393471001301\n+393471001302\n")
	r.serving(func(base string) {
		tell := func(into any, args ...string) string {
			t.Helper()
			code, out, errs := r.cascade(append(args, "--server", base)...)
			if code != 0 {
				t.Fatalf("%q: exit code %d\n%s", args, code, errs)
			}
			if into != nil {
				if err := json.Unmarshal([]byte(out), into); err != nil {
					t.Fatalf("%q: %v\n%s", args, err, out)
				}
			}
			return out
		}
		tell(nil, "campaign", "create", file)
		tell(nil, "campaign", "upload", "tomorrow", people)
		tell(nil, "campaign", "start", "tomorrow")
		var queues []client.Queue
		tell(&queues, "queue", "list", "--output", "json")
		i := slices.IndexFunc(queues, func(q client.Queue) bool { return q.Name == "qlara.whatsapp" })
		if i < 0 {
			t.Fatalf("%+v lacks qlara.whatsapp", queues)
		}
		q := queues[i]
		if q.Pending != 0 || q.Lined != 2 || q.Due != 0 || q.NextDue == nil || q.NextDue.Year() != 2099 {
			t.Errorf("qlara.whatsapp: %+v, want none pending and two in line for 2099", q)
		}
		if len(q.Lines) != 1 || q.Lines[0].Campaign != "tomorrow" || q.Lines[0].State != "running" || q.Lines[0].Leg != 1 {
			t.Errorf("in line: %+v, want the first leg of tomorrow", q.Lines)
		}
		if last := queues[len(queues)-1].Name; last != "cascade.intake" {
			t.Errorf("the last queue is %s, want cascade.intake", last)
		}
		if text := tell(nil, "queue", "list"); !strings.Contains(text, "tomorrow leg 1 (running) 2") {
			t.Errorf("as text:\n%s", text)
		}
		var workers []client.Worker
		tell(&workers, "worker", "list", "--output", "json")
		if len(workers) != 1 {
			t.Fatalf("%d processes, want this one: %+v", len(workers), workers)
		}
		w := workers[0]
		if w.State != "alive" || !slices.Equal(w.Roles, []string{"api", "scheduler", "worker"}) || !w.Acts || w.PID != os.Getpid() || time.Since(w.Seen).Abs() > time.Minute {
			t.Errorf("this process tells of itself: %+v", w)
		}
	})
	connected, err := store.Connect(r.redis.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer connected.Close()
	s, err := store.New(t.Context(), store.Options{Client: connected.Client})
	if err != nil {
		t.Fatal(err)
	}
	if left, err := s.Processes(t.Context()); err != nil || len(left) != 0 {
		t.Errorf("after it ended: %+v, %v; want nobody", left, err)
	}
}

func TestQueuesAsText(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	since, due := now.Add(-1500*time.Millisecond), now.Add(-3*time.Minute)
	var b bytes.Buffer
	showQueues(&b, []client.Queue{
		{Name: "qlara.whatsapp", Pending: 120, Active: 64, OldestSince: &since, Lined: 10_247, Due: 9000, DueSince: &due,
			Lines: []client.Queued{{Campaign: "spring", State: "running", Leg: 1, Messages: 9247}, {Campaign: "old", State: "paused", Leg: 2, Messages: 1000}}},
		{Name: "qlara.sms", NextDue: &[]time.Time{now.Add(time.Hour)}[0], Lined: 1},
	}, now)
	want := strings.Join([]string{
		"QUEUE           PENDING  OLDEST  IN HAND  PUT BACK  IN LINE  DUE    FIRST         CAMPAIGNS IN LINE",
		"qlara.whatsapp  120      1.5s    64       0         10 247   9 000  due for 3m0s  spring leg 1 (running) 9 247, old leg 2 (paused) 1 000",
		"qlara.sms       0        -       0        0         1        0      in 1h0m0s     ",
		"",
	}, "\n")
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

func TestProcessesAsText(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	var b bytes.Buffer
	showWorkers(&b, []client.Worker{
		{Name: "one-7-ABC", State: "alive", Roles: []string{"scheduler", "worker"}, Acts: true, Host: "one", PID: 7, Version: "v1.0.0", Since: now.Add(-time.Hour), InHand: 128, Seen: now.Add(-2 * time.Second)},
	}, now)
	want := "PROCESS    STATE  ROLES              HOST  PID  VERSION  RUNS FOR  IN HAND  SEEN\n" +
		"one-7-ABC  alive  scheduler*,worker  one   7    v1.0.0   1h0m0s    128      2s ago\n"
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}
