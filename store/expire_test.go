package store

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/store/redistest"
)

// keysOf are the keys that a campaign has in its shards and in the register.
func (h *house) keysOf(c *Campaign) (keys []string) {
	h.t.Helper()
	all, err := redistest.Admin(h.t, h.client).Keys(context.Background(), "*"+c.Number.String()+"*").Result()
	must(h.t, err)
	for _, key := range all {
		if !strings.HasSuffix(key, ":control") { // it expires an hour later
			keys = append(keys, key)
		}
	}
	return keys
}

func TestAFinishedCampaignIsForgottenAfterItsRetention(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		h.load(people(2))
		must(t, h.Start(ctx, "spring", "me"))
		h.tell(0, fallback.OnTooLate)
		h.wait(h.c.Retention + time.Hour)
		if got := h.record(0); got.Stamp == 0 {
			t.Fatal("it is forgotten while a message is open")
		}
		h.now, h.tidy.next = time.Now, nil // messages close by Redis' clock
		h.tell(1, fallback.OnTooLate)
		h.wait(0)
		h.wait(h.c.Retention - time.Hour)
		if st, err := h.Status(ctx, "spring"); err != nil || st.State != Finished {
			t.Fatalf("an hour before its retention ends: %v, %v", st, err)
		}
		h.wait(2 * time.Hour)
		if left := h.keysOf(h.c); len(left) > 0 {
			t.Errorf("after it %v is left", left)
		}
		if ttl := redistest.Admin(t, h.client).PTTL(ctx, shard{h.c.Number, 0}.control()).Val(); ttl <= 0 || ttl > time.Hour {
			t.Errorf("the control stays for %s, want an hour", ttl)
		}
		_, status := h.Status(ctx, "spring")
		_, imported := h.Import(ctx, "spring", nil, Watcher{})
		for what, err := range map[string]error{"status": status, "import": imported, "start": h.Start(ctx, "spring", "me"), "sweep": h.Sweep(ctx)} {
			if (what == "sweep") != (err == nil) || err != nil && !errors.Is(err, fallback.ErrNoCampaign) {
				t.Errorf("%s: %v, want that there is no such campaign", what, err)
			}
		}
		results, err := h.Add(ctx, []campaign.Message{{Campaign: "spring", Destination: "+393400000001"}})
		if err != nil || results[0].Reason != campaign.NoSuchCampaign {
			t.Errorf("a message to it: %+v, %v", results, err)
		}
		if left := h.keysOf(h.c); len(left) > 0 {
			t.Errorf("after that %v is there again", left)
		}
	})
}

func TestAForgottenCampaignCanBeRunAnewAsItWas(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		h.load(people(1))
		must(t, h.Start(ctx, "spring", "me"))
		h.tell(0, fallback.OnTooLate)
		h.wait(2 * h.c.Retention)
		other := h.c.Campaign
		other.Retention++
		var different *DifferentError
		if _, err := h.Create(ctx, other); !errors.As(err, &different) {
			t.Errorf("another campaign with its id: %v, want that it differs", err)
		}
		_, err := h.Create(ctx, h.c.Campaign)
		must(t, err)
		if got := h.load(people(1)); got.Accepted != 1 {
			t.Errorf("imported anew: %+v", got)
		}
		must(t, h.Start(ctx, "spring", "me"))
		h.tell(0, fallback.OnTooLate)
		h.balanced()
	})
}
