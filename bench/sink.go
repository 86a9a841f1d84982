package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"sync/atomic"
	"time"
)

// sink is a provider that takes everything at once, in the form that Qlara answers,
// and keeps nothing.
type sink struct {
	process *process
	url     string
}

// seen is what the sink has seen.
type seen struct {
	Requests int64
	First    time.Time
	Last     time.Time
}

func (l *lab) sink(ctx context.Context) (*sink, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	p, err := l.start("sink", l.self, nil, childWord, "sink", addr)
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
	resp, err := http.Get(s.url + "/seen")
	if err != nil {
		return n, err
	}
	defer func() { _ = resp.Body.Close() }()
	return n, json.NewDecoder(resp.Body).Decode(&n)
}

// messageID finds the request's id, which Qlara repeats in its answer.
func messageID(body []byte) []byte {
	const key, length = `"messageId":"`, 36
	_, rest, found := bytes.Cut(body, []byte(key))
	if !found || len(rest) < length {
		return nil
	}
	return rest[:length]
}

func serveSink(ctx context.Context, args []string) error {
	var requests, first, last atomic.Int64
	mux := http.NewServeMux()
	mux.HandleFunc("GET /seen", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(seen{requests.Load(), time.UnixMicro(first.Load()), time.UnixMicro(last.Load())})
	})
	mux.HandleFunc("POST /", func(w http.ResponseWriter, r *http.Request) {
		now := time.Now().UnixMicro()
		first.CompareAndSwap(0, now)
		last.Store(now)
		requests.Add(1)
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(slices.Concat([]byte(`{"messageId":"`), messageID(body), []byte(`","results":{"whatsapp":{"accepted":true},"rcs":null,"sms":null}}`)))
	})
	server := &http.Server{Addr: args[0], Handler: mux}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	return server.ListenAndServe()
}
