package store

import (
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/store/redistest"
)

func TestAReplyOpensTheWindow(t *testing.T) {
	redistest.Each(t, func(t *testing.T, client redis.UniversalClient) {
		ctx, now := t.Context(), time.Now()
		s, err := New(ctx, Options{Client: client, Now: func() time.Time { return now }})
		must(t, err)
		open := func(account string, to string) bool {
			t.Helper()
			open, err := s.WindowOpen(ctx, account, person(to))
			must(t, err)
			return open
		}
		if open("a", "1") {
			t.Error("a window is open to somebody who never wrote")
		}
		must(t, s.OpenWindow(ctx, "a", person("1"), now.Add(-time.Hour)))
		if !open("a", "1") || open("b", "1") || open("a", "2") {
			t.Errorf("a 1 %t, b 1 %t, a 2 %t; want the first alone open", open("a", "1"), open("b", "1"), open("a", "2"))
		}
		must(t, s.OpenWindow(ctx, "a", person("1"), now.Add(-20*time.Hour))) // an older message comes again, or late
		keys, err := redistest.Admin(t, client).Keys(ctx, "cascade:{window:*").Result()
		must(t, err)
		if len(keys) != 1 || strings.Contains(keys[0], "3934") {
			t.Fatalf("keys %q, want one without the number", keys)
		}
		if left := client.PTTL(ctx, keys[0]).Val(); left < 22*time.Hour || left > 23*time.Hour {
			t.Errorf("the window stays open for %s, want nearly 23h", left)
		}
		must(t, s.OpenWindow(ctx, "a", person("2"), now.Add(-25*time.Hour)))
		if open("a", "2") {
			t.Error("a message of yesterday's yesterday opened a window")
		}
		must(t, s.OpenWindow(ctx, "a", person("3"), now.Add(time.Hour)))
		must(t, s.OpenWindow(ctx, "a", person("4"), time.Time{}))
		if !open("a", "3") || !open("a", "4") {
			t.Error("a time that is to come, or none, opens no window")
		}
	})
}

func person(n string) campaign.Destination { return campaign.Destination("+39340000000" + n) }
