package simulator

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
)

// One request after the other without a socket: what the simulator itself costs.
func BenchmarkRequest(b *testing.B) {
	sim, err := New(Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for i := range b.N {
		req := request("http://simulator", fmt.Sprintf("b2f0%028d", i))
		w := httptest.NewRecorder()
		sim.ServeHTTP(w, req)
		if w.Code != 200 {
			b.Fatal(w.Code)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}

// Over sockets, with the caller on the same machine.
func BenchmarkHTTP(b *testing.B) {
	overSockets(b, "")
}

// The same, and a receipt posted for each.
func BenchmarkHTTPWithReceipts(b *testing.B) {
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) }))
	defer receiver.Close()
	overSockets(b, receiver.URL)
}

func overSockets(b *testing.B, callbacks string) {
	sim, err := New(Options{Callbacks: callbacks})
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- sim.Run(ctx) }()
	server := httptest.NewServer(sim)
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	var n atomic.Int64
	b.SetParallelism(16)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			resp, err := client.Do(request(server.URL, fmt.Sprintf("b2f0%028d", n.Add(1))))
			if err != nil {
				b.Error(err)
				return
			}
			io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
	})
	if err := sim.Drain(ctx); err != nil {
		b.Error(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
	stop()
	if err := <-ended; err != nil {
		b.Error(err)
	}
}

func request(base, id string) *http.Request {
	body := `{"destination":"+393401237777","phoneNumberId":5,"template":{"id":42},"campaignId":"spring-sale","messageId":"` + id +
		`","placeholders":{"nome":"Mario","codiceSconto":"SPRING25"},"enableNotification":true}`
	req, err := http.NewRequest("POST", base+path(wa), strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	req.Header.Set("X-Api-Key", "key")
	req.Header.Set("Content-Type", "application/json")
	return req
}

// What a request that was taken, with two callbacks, leaves in memory.
func BenchmarkMemory(b *testing.B) {
	sim, err := New(Options{})
	if err != nil {
		b.Fatal(err)
	}
	before := heapInUse()
	for i := range b.N {
		id := fmt.Sprintf("b2f03a52-5c0f-8c2f-9d4e-%012d", i)
		sim.ServeHTTP(httptest.NewRecorder(), request("http://simulator", id))
	}
	for r := range b.N {
		rec := &sim.journal.chunks[r/chunk][r%chunk]
		sim.journal.posted(rec, callback{status: 200})
		sim.journal.posted(rec, callback{status: 200, kind: isRead})
	}
	sim.postman.queue = nil
	b.ReportMetric(float64(heapInUse()-before)/float64(b.N), "B/request")
	runtime.KeepAlive(sim)
}

func heapInUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapInuse)
}
