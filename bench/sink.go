package main

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// sink is a provider that takes everything, in the form that Qlara answers.
type sink struct {
	process *process
	url     string
}

// seen is what the sink has seen.
type seen struct {
	Requests int64
	First    time.Time
	Last     time.Time
	Stall    time.Duration // the longest time for which the machine left it waiting
	Receipts int64         // that were answered
	Failed   int64         // receipts that were not
	Lag      time.Duration // 99th percentile since it was asked last: a receipt's answer against its time
}

// sink starts one. It answers at once and keeps nothing, unless it is told to:
//
//	-log              keep time and id of each request, for sink.log
//	-delay 10ms       answer after this time
//	-callbacks URL    report each message delivered there
//	-after 1s         so long after its request
func (l *lab) sink(ctx context.Context, args ...string) (*sink, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	p, err := l.start("sink", l.self, nil, append([]string{childWord, "sink", "-listen", addr}, args...)...)
	if err != nil {
		return nil, err
	}
	s := &sink{process: p, url: "http://" + addr}
	return s, until(ctx, "the sink to answer", 5*time.Second, func() (bool, error) {
		_, err := s.seen()
		return err == nil, err
	})
}

func (s *sink) seen() (n seen, err error) {
	return n, s.ask("/seen", &n)
}

// stalls are the times for which the machine left the sink waiting.
func (s *sink) stalls() (all stalls, err error) { return all, s.ask("/stalls", &all) }

func (s *sink) ask(path string, into any) error {
	resp, err := http.Get(s.url + path)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	return json.NewDecoder(resp.Body).Decode(into)
}

// log gives time and id of each request, by time.
func (s *sink) log() (journal, error) {
	resp, err := http.Get(s.url + "/log")
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	return readJournal(resp.Body)
}
