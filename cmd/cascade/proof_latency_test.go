//go:build proof && linux

package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider/simulator"
)

// proveLatency takes the time from a receipt that says undeliverable (Qlara's
// statusCode 6) to the next channel's request, on a machine that does little else;
// and counts what Redis is asked while nothing happens at all.
func proveLatency(t *testing.T, binary string) {
	people := sized(200, 50)
	sc := calm()
	sc.Outcomes.WhatsApp.Undeliverable = 1
	l := newLab(t, binary, setup{whatsapp: "8/1s", accounts: 7, scenario: sc}) // 21 lanes
	const id = "latency"
	l.worker("one", "")
	l.serve("api,scheduler")
	l.begin(id, sample(id, time.Minute, time.Minute, time.Minute), rows(people, nil))
	l.closed(id, time.Duration(people)*200*time.Millisecond+time.Minute)
	l.told()
	log := l.log()
	l.judge(log)
	l.settled(id, people, log)
	took := toTheNext(log)
	if len(took) != people {
		t.Fatalf("%d of %d people were escalated by a receipt", len(took), people)
	}
	half := quantile(took, 0.5)
	if half >= 100*time.Millisecond {
		t.Errorf("the median from statusCode 6 to the next channel's request is %s, want less than 100 ms", half)
	}
	const quiet = 10 * time.Second
	calls, commands := l.asked(quiet)
	idle := float64(calls) / quiet.Seconds()
	if idle >= 100 {
		t.Errorf("Redis is called %.0f times a second while nothing happens, want less than 100", idle)
	}
	l.proved("latency: statusCode 6 posted to the next channel's request, %d people: p50 %.1f ms, p99 %.1f ms, max %.1f ms; idle with 21 lanes: Redis is called %.0f times a second (%.0f commands, with those in scripts)",
		people, ms(half), ms(quantile(took, 0.99)), ms(took[len(took)-1]), idle, float64(commands)/quiet.Seconds())
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// toTheNext are the times from each undeliverable to its person's next request.
func toTheNext(log []simulator.Record) (took []time.Duration) {
	posted := map[campaign.MessageID]int64{}
	for _, r := range log {
		attempt, _ := campaign.ParseAttemptID(r.MessageID)
		if at, told := posted[attempt.Message()]; told {
			took = append(took, time.Duration(r.At-at)*time.Microsecond)
		}
		for _, c := range r.Callbacks {
			if c.Kind == "undeliverable" {
				posted[attempt.Message()] = c.At
			}
		}
	}
	slices.Sort(took)
	return took
}

// asked listens to what Redis is asked for a while: calls of its clients, and the
// commands that it ran for them, those within scripts included.
func (l *lab) asked(d time.Duration) (calls, commands int) {
	l.Helper()
	conn, err := net.Dial("tcp", l.redis.Addr)
	if err != nil {
		l.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(d))
	if _, err := io.WriteString(conn, "MONITOR\r\n"); err != nil {
		l.Fatal(err)
	}
	heard := bufio.NewScanner(conn)
	heard.Buffer(nil, 1<<20)
	for heard.Scan() {
		commands++
		if !bytes.Contains(heard.Bytes(), []byte(" lua] ")) {
			calls++
		}
	}
	if !errors.Is(heard.Err(), os.ErrDeadlineExceeded) {
		l.Fatalf("listen to Redis: %v", heard.Err())
	}
	return calls - 1, commands - 1 // its OK
}
