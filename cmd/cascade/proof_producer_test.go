//go:build proof && linux

package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// proveProducer is another service: it creates a campaign and streams its people as
// NDJSON, while the process that takes them is killed twice in the middle, and repeats
// each call until it is answered. Everybody is there, once, and is sent to once.
func proveProducer(t *testing.T, binary string) {
	people := sized(100_000, 10_000)
	l := newLab(t, binary, setup{scenario: calm()})
	const id = "producer"
	serve := l.serve("api,scheduler,worker")
	began := time.Now()
	l.insist("/v1/campaigns", "application/yaml", func() io.Reader {
		return strings.NewReader(sample(id, 2*time.Minute, time.Minute, time.Minute))
	}, nil)
	var report campaign.ImportReport
	for _, cut := range []int{people / 3, people * 2 / 3, people + 1} {
		s := newStream(people, cut)
		answered := make(chan error, 1)
		go func() {
			answered <- l.ask("POST", l.api+"/v1/campaigns/"+id+"/recipients", "application/x-ndjson", s, &report)
		}()
		select {
		case <-s.reached:
			l.until("some of them to be written", time.Minute, func() bool { return l.ledgerSummary(id).Accepted >= cut/2 })
			serve.kill()
			close(s.goOn)
			if err := <-answered; err == nil {
				t.Fatalf("an upload of which %d of %d rows were sent was answered", cut, people)
			}
			serve = l.serve("api,scheduler,worker")
		case err := <-answered:
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	if report.Accepted+report.AlreadyThere != people || report.AlreadyThere == 0 || report.Rejected+report.Blank != 0 {
		t.Errorf("the upload that came to its end was answered %+v, want %d in all and some of them there already", report, people)
	}
	imported := time.Since(began)
	l.insist("/v1/campaigns/"+id+"/start", "", func() io.Reader { return nil }, nil)
	l.closed(id, time.Duration(people)*5*time.Millisecond+2*time.Minute)
	l.told()
	log := l.log()
	j := l.judge(log)
	l.settled(id, people, log)
	l.proved("producer: %d people by NDJSON, the process killed twice meanwhile: %d there already when it was repeated, lost 0, twice 0, requests %d, uploaded in %.1fs",
		people, report.AlreadyThere, j.requests, imported.Seconds())
}

// insist repeats a call until it is answered with success.
func (l *lab) insist(path, contentType string, body func() io.Reader, into any) {
	l.Helper()
	l.until("POST "+path+" to be answered", time.Minute, func() bool { return l.ask("POST", l.api+path, contentType, body(), into) == nil })
}

// stream is people as NDJSON. Before the row `cut` it says that it is reached, and waits
// until it may go on.
type stream struct {
	*io.PipeReader
	reached, goOn chan struct{}
}

func newStream(people, cut int) *stream {
	from, to := io.Pipe()
	s := &stream{from, make(chan struct{}), make(chan struct{})}
	go func() {
		out := bufio.NewWriter(to)
		for i := range people {
			if i == cut {
				_ = out.Flush() // what the other side no longer reads is its matter
				close(s.reached)
				<-s.goOn
			}
			const perPrefix = 9000 // whose last four digits are no magic number
			fmt.Fprintf(out, `{"telefono":"+39347%03d%04d","variables":{"nome":"Maria%d","codiceSconto":"SPRING%d","scadenza":"31.12."}}`+"\n",
				100+i/perPrefix, 1000+i%perPrefix, i%100, 10+i%90)
		}
		to.CloseWithError(out.Flush())
	}()
	return s
}
