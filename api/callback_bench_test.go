package api_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/store/redistest"
)

// BenchmarkCallback compares a callback's whole way, from the handler to a closed record
// in a real Redis, with a plain handler that does the least one could: one HGET, and
// one pipeline of HSET and HINCRBY. Their ratio is what the record's safety costs.
func BenchmarkCallback(b *testing.B) {
	client := redistest.Real(b).Client(b)
	b.Run("cascade", func(b *testing.B) {
		if err := redistest.Admin(b, client).FlushAll(b.Context()).Err(); err != nil {
			b.Fatal(err)
		}
		h := openOn(b, client, func(o *api.Options) { o.Log = slog.New(slog.DiscardHandler) })
		drive(b, h.api.Handler(), waiting(b, h, b.N))
		if got := h.summary("spring").Counts["delivered"]; got != b.N {
			b.Errorf("%d of %d messages are delivered", got, b.N)
		}
	})
	b.Run("plain", func(b *testing.B) {
		bodies := make([]string, b.N)
		for i := range bodies {
			bodies[i] = fmt.Sprintf(`{"messageId":"%d","statusCode":3}`, i)
		}
		drive(b, plain(redistest.Admin(b, client)), bodies)
	})
}

// drive calls the handler with each body once, many at a time.
func drive(b *testing.B, handler http.Handler, bodies []string) {
	var next atomic.Int64
	b.SetParallelism(32)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r := httptest.NewRequest("POST", callbacks, strings.NewReader(bodies[next.Add(1)-1]))
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			if w.Code != 200 {
				b.Errorf("got %d: %s", w.Code, w.Body)
			}
		}
	})
}

func plain(client redis.UniversalClient) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, "unreadable", http.StatusBadRequest)
			return
		}
		id := string(bytes.SplitN(body, []byte(`"`), 5)[3])
		ctx := r.Context()
		if err := client.HGet(ctx, "plain:records", id).Err(); err != nil && err != redis.Nil {
			http.Error(w, "away", http.StatusServiceUnavailable)
			return
		}
		_, err = client.Pipelined(ctx, func(p redis.Pipeliner) error {
			p.HSet(ctx, "plain:records", id, "delivered")
			p.HIncrBy(ctx, "plain:counts", "delivered", 1)
			return nil
		})
		if err != nil {
			http.Error(w, "away", http.StatusServiceUnavailable)
		}
	})
}

// waiting starts a campaign whose n messages wait for a receipt, and gives the receipts.
func waiting(b *testing.B, h *house, n int) []string {
	b.Helper()
	h.running(n)
	ids := make([]campaign.MessageID, n)
	bodies := make([]string, n)
	for i := range ids {
		ids[i] = h.message(i)
		bodies[i] = fmt.Sprintf(`{"channel":"WHATSAPP","eventType":"DELIVERY","messageId":"%s","destination":"%s","statusCode":3,"description":"delivered","eventDate":"2026-10-16T10:42:18Z"}`,
			ids[i].Attempt(0, 0), person(i).E164())
	}
	for some := range slices.Chunk(ids, 250) {
		if _, err := h.door.Judge(b.Context(), time.Now(), load(b, h, some), fallback.OnTurn); err != nil {
			b.Fatal(err)
		}
		for _, kind := range []fallback.EventKind{fallback.OnClaim, fallback.OnAccepted} {
			orders := make([]fallback.Order, len(some))
			for i, r := range load(b, h, some) {
				orders[i] = fallback.Order{ID: r.ID, Event: fallback.Event{Kind: kind, Attempt: r.Attempt(), Mark: r.State.Ticket}}
			}
			if _, err := h.door.Advance(b.Context(), time.Now(), orders...); err != nil {
				b.Fatal(err)
			}
		}
	}
	return bodies
}

func load(b *testing.B, h *house, ids []campaign.MessageID) []fallback.Record {
	b.Helper()
	records, err := h.Load(b.Context(), ids)
	if err != nil {
		b.Fatal(err)
	}
	return records
}
