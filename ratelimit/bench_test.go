package ratelimit

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/store/redistest"
)

// BenchmarkBook compares one call that books slots in a lane, an account and a campaign
// with one INCR, the cheapest thing that could count requests over processes.
//
//	go test -run '^$' -bench Book ./ratelimit
func BenchmarkBook(b *testing.B) {
	client, ctx := redistest.Real(b).Client(b), context.Background()
	l := New(client, Options{})
	const tries = 5000
	began := time.Now()
	for range tries {
		if err := client.Incr(ctx, "plain").Err(); err != nil {
			b.Fatal(err)
		}
	}
	plain := float64(time.Since(began)) / tries

	wide := []string{"400000/1s", "20000000/1m"}
	ss := scopes{lane(b, "a.sms", wide...), account(b, wide...), {CampaignKind, "0", limits(b, wide...)}}
	for _, n := range []int{1, 24} {
		b.Run(fmt.Sprint(n, " slots"), func(b *testing.B) {
			got := 0
			for b.Loop() {
				g, err := l.book(ctx, request{scopes: ss, want: n, waiting: n})
				if err != nil {
					b.Fatal(err)
				}
				got += len(g.slots)
			}
			call := float64(b.Elapsed()) / float64(b.N)
			b.ReportMetric(call/plain, "INCRs/call")
			b.ReportMetric(call*float64(b.N)/plain/float64(got), "INCRs/slot")
		})
	}
}
