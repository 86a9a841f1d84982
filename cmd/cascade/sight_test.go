package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/client"
)

func TestASightOfACampaign(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	report := func(sent, waiting, delivered int) client.Flow {
		return client.Flow{Report: client.Report{Reason: "sending", Summary: campaign.Summary{
			Campaign: "sale", State: "running", Accepted: 1000, StartedAt: &began,
			Counts: map[string]int{"scheduled": 1000 - sent, "waiting": waiting, "delivered": delivered},
			Legs: []campaign.LegSummary{
				{Channel: campaign.WhatsApp, Account: "qlara", Sent: sent, Accepted: sent, Delivered: delivered},
				{Channel: campaign.SMS, Account: "qlara"},
			},
		}}, Flow: []client.FlowLeg{
			{Read: 3, Phases: map[string]int{"scheduled": 990 - sent, "waiting": waiting, "delivered": delivered}, Escalated: map[string]int{"timed_out": 7, "refused": 3}},
			{Phases: map[string]int{"scheduled": 10}},
		}}
	}
	lanes := []client.Lane{{Name: "qlara.sms", State: "held"}, {Name: "qlara.whatsapp", State: "limit", Observed: 40, PerSecond: 50, AnswerP95: 212}}
	pace := &marks{}
	pace.look(report(100, 100, 0), nil, began.Add(5*time.Second))
	got := pace.look(report(300, 200, 100), lanes, began.Add(10*time.Second))
	want := strings.Join([]string{
		"sale  RUNNING  sending   10:00:10  elapsed 10s",
		"first sends [#######-------------------]  30 %  300 / 1 000  40.0/s  ETA 17s",
		"closed      [##------------------------]  10 %  100 / 1 000  20.0/s  ETA 45s",
		"            scheduled  queued  sending  unknown  waiting  delivered  failed  |  read  429s  rate  limit    p95   lane     delivered of sent",
		"  whatsapp        690       0        0        0      200        100       0  |     3     0    40   50/s  212ms  limit  [####--------]  33 %",
		"       sms         10       0        0        0        0          0       0  |     0     0     0      -      -   held  [------------]   0 %",
		"escalated   whatsapp>sms 10 (no receipt 7, undelivered 0, refused 3)",
		"",
	}, "\n")
	if text := got.draw(); text != want {
		t.Errorf("drawn:\n%s\nwant:\n%s", text, want)
	}
	if text, want := got.line(), "10:00:10  sale  RUNNING  sending  sent 300 of 1000  closed 100  delivered 100"; text != want {
		t.Errorf("in one line %q, want %q", text, want)
	}
}

// leaver interrupts a command once it has said something.
type leaver struct {
	bytes.Buffer
	leave func()
}

func (l *leaver) Write(b []byte) (int, error) {
	l.leave()
	return l.Buffer.Write(b)
}

func TestLeavingAWatchStopsNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t, quick)
	file := r.file("orders.yaml", "campaign: orders\nstanding: true\nroute:\n  - {channel: sms, account: qlara, text: Ciao}\nrecipients: {region: IT}\n")
	r.serving(func(base string) {
		for _, args := range [][]string{{"create", file}, {"start", "orders"}} {
			if code, _, errs := r.cascade(append(append([]string{"campaign"}, args...), "--server", base)...); code != 0 {
				t.Fatalf("%s: exit code %d\n%s", args[0], code, errs)
			}
		}
		ctx, leave := context.WithCancel(t.Context())
		said := &leaver{leave: leave}
		p := &program{out: said, errs: said, env: func(string) (string, bool) { return "", false }}
		if code := p.run(ctx, "campaign", "watch", "orders", "--server", base); code != 1 ||
			!strings.Contains(said.String(), `cascade: no longer watching: campaign "orders" goes on as it was`) {
			t.Errorf("exit code %d, and it said:\n%s", code, said.String())
		}
		if _, out, _ := r.cascade("campaign", "show", "orders", "--server", base); !strings.HasPrefix(out, "orders is running") {
			t.Errorf("after it:\n%s", out)
		}
	})
}
