package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// provider is the sink's own process.
type provider struct {
	delay    time.Duration
	requests atomic.Int64
	first    atomic.Int64 // µs
	last     atomic.Int64
	stall    atomic.Int64
	postman  *postman // nil: nothing is reported

	logs   bool
	mu     sync.Mutex
	log    journal
	stalls stalls
}

func serveSink(ctx context.Context, args []string) error {
	p := &provider{}
	flags := flag.NewFlagSet("sink", flag.ContinueOnError)
	listen := flags.String("listen", "", "address")
	flags.BoolVar(&p.logs, "log", false, "")
	flags.DurationVar(&p.delay, "delay", 0, "")
	callbacks := flags.String("callbacks", "", "")
	after := flags.Duration("after", 0, "")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *callbacks != "" {
		p.postman = newPostman(ctx, *callbacks, *after)
	}
	if p.logs {
		go p.watchClock(ctx)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /seen", p.tell)
	mux.HandleFunc("GET /log", func(w http.ResponseWriter, _ *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		_ = p.log.write(w)
	})
	mux.HandleFunc("GET /stalls", func(w http.ResponseWriter, _ *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		_ = json.NewEncoder(w).Encode(p.stalls)
	})
	mux.HandleFunc("POST /", p.take)
	server := &http.Server{Addr: *listen, Handler: mux}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	return server.ListenAndServe()
}

func (p *provider) take(w http.ResponseWriter, r *http.Request) {
	now := time.Now()
	p.first.CompareAndSwap(0, now.UnixMicro())
	p.last.Store(now.UnixMicro())
	p.requests.Add(1)
	body, _ := io.ReadAll(r.Body)
	id := messageID(body)
	if p.logs {
		p.note(now, id)
	}
	if p.delay > 0 {
		time.Sleep(p.delay)
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(slices.Concat([]byte(`{"messageId":"`), id, results(r.URL.Path)))
	if p.postman != nil {
		p.postman.report(string(id), now)
	}
}

// results ends the answer: the channel of the request has taken the message.
func results(path string) []byte {
	switch path {
	case "/api/message-server/rcs/send":
		return []byte(`","results":{"whatsapp":null,"rcs":{"accepted":true},"sms":null}}`)
	case "/api/message-server/sms/send":
		return []byte(`","results":{"whatsapp":null,"rcs":null,"sms":{"accepted":true}}}`)
	}
	return []byte(`","results":{"whatsapp":{"accepted":true},"rcs":null,"sms":null}}`)
}

func (p *provider) note(now time.Time, id []byte) {
	attempt, _ := campaign.ParseAttemptID(string(id)) // of none of ours: zero
	p.mu.Lock()
	defer p.mu.Unlock()
	p.log = append(p.log, request{now.UnixMicro(), attempt})
}

func (p *provider) tell(w http.ResponseWriter, _ *http.Request) {
	s := seen{Requests: p.requests.Load(), First: time.UnixMicro(p.first.Load()), Last: time.UnixMicro(p.last.Load()),
		Stall: time.Duration(p.stall.Load())}
	if p.postman != nil {
		s.Receipts, s.Failed, s.Lag = p.postman.answered.Load(), p.postman.failed.Load(), p.postman.takeLag()
	}
	_ = json.NewEncoder(w).Encode(s)
}

// watchClock notes how late this process is woken: where requests seem to bunch, the
// machine may have stood still.
func (p *provider) watchClock(ctx context.Context) {
	const step = 2 * time.Millisecond
	for before := time.Now(); ctx.Err() == nil; {
		time.Sleep(step)
		now := time.Now()
		if late := now.Sub(before) - step; late > stillStand {
			p.mu.Lock()
			p.stalls = append(p.stalls, stall{before.UnixMicro(), now.UnixMicro()})
			p.mu.Unlock()
			p.stall.Store(max(p.stall.Load(), int64(late)))
		}
		before = now
	}
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
