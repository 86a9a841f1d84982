package store

import (
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/store/redistest"
)

func TestCapabilitiesAreKeptForHours(t *testing.T) {
	redistest.Each(t, func(t *testing.T, client redis.UniversalClient) {
		ctx := t.Context()
		s, err := New(ctx, Options{Client: client})
		must(t, err)
		lane, other := campaign.Lane{Account: "a", Channel: campaign.RCS}, campaign.Lane{Account: "b", Channel: campaign.RCS}
		must(t, s.NoteCapability(ctx, lane, map[campaign.Destination]bool{person("1"): true, person("2"): false}))
		for _, x := range []struct {
			lane           campaign.Lane
			who            string
			capable, known bool
		}{{lane, "1", true, true}, {lane, "2", false, true}, {lane, "3", false, false}, {other, "1", false, false}} {
			capable, known, err := s.Capability(ctx, x.lane, person(x.who))
			if err != nil || capable != x.capable || known != x.known {
				t.Errorf("%s %s: %t, known %t, %v; want %t, %t", x.lane, x.who, capable, known, err, x.capable, x.known)
			}
		}
		keys, err := redistest.Admin(t, client).Keys(ctx, "cascade:{capability:*").Result()
		must(t, err)
		if len(keys) != 2 {
			t.Fatalf("keys %q, want two", keys)
		}
		for _, key := range keys {
			if left := client.PTTL(ctx, key).Val(); left <= 0 || left > capabilityLasts || strings.Contains(key, "39340000000") {
				t.Errorf("%s is there for %s; want hours, and no number in it", key, left)
			}
		}
	})
}
