package store

import (
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

func TestBacklogIsWhatCouldGo(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		lanes := []campaign.Lane{{Account: "a", Channel: campaign.WhatsApp}, {Account: "a", Channel: campaign.SMS}}
		look := func() Backlog {
			t.Helper()
			b, err := h.Backlog(ctx, lanes)
			must(t, err)
			return b
		}
		h.load(people(5))
		if b := look(); b.Lines[0].Due != 0 {
			t.Errorf("before the start %d are due, want 0", b.Lines[0].Due)
		}
		must(t, h.Start(ctx, "spring", "me"))
		h.tell(0, fallback.OnTurn)
		h.tell(1, fallback.OnTurn)
		b := look()
		if b.Lines[0].Due != 3 || b.Lines[1].Due != 0 || b.Alarms != 2 || b.AlarmLag != 0 {
			t.Errorf("%+v, want 3 due on the first lane, and 2 alarms that are not late", b)
		}
		must(t, h.client.ZAddXX(ctx, h.c.all()[0].clock(), zAt(h.message(0), h.clock().Add(-time.Minute))).Err())
		must(t, h.client.ZAddXX(ctx, h.c.all()[0].line(0), zAt(h.message(2), h.clock().Add(-time.Hour))).Err())
		if b := look(); b.AlarmLag < time.Minute || b.AlarmLag > 2*time.Minute || b.Lines[0].Oldest < time.Hour || b.Lines[0].Oldest > 2*time.Hour {
			t.Errorf("%+v, want an alarm that is a minute late, and somebody who is due for an hour", b)
		}
	})
}

// clock is Redis' own.
func (h *house) clock() time.Time {
	h.t.Helper()
	now, err := h.client.Time(h.t.Context()).Result()
	must(h.t, err)
	return now
}

func zAt(id campaign.MessageID, at time.Time) redis.Z {
	return redis.Z{Score: float64(at.UnixMilli()), Member: string(id[:])}
}

func TestBooksSeeWhatIsNotThere(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		h.load(people(6))
		must(t, h.Start(ctx, "spring", "me"))
		h.tell(0, fallback.OnTurn)
		h.tell(0, fallback.OnClaim)
		h.tell(0, fallback.OnAccepted)
		h.tell(0, fallback.OnDelivered)
		h.tell(1, fallback.OnTurn)
		look := func(imbalance int) Books {
			t.Helper()
			b, err := h.Books(ctx)
			must(t, err)
			if b.Imbalance != imbalance {
				t.Errorf("imbalance %d, want %d", b.Imbalance, imbalance)
			}
			return b
		}
		b := look(0)
		if b.Campaigns[Running] != 1 || b.Phases[fallback.Delivered] != 1 || b.Phases[fallback.Queued] != 1 || b.Phases[fallback.Scheduled] != 4 {
			t.Errorf("%+v, want a running campaign with 1 delivered, 1 queued and 4 scheduled", b)
		}
		sh := h.c.all()[0]
		must(t, h.client.HIncrBy(ctx, sh.counts(), field(fallback.Count{What: fallback.InPhase, By: uint8(fallback.Delivered)}), 2).Err())
		look(2) // two more than there are records
		id := h.message(1)
		must(t, h.client.ZRem(ctx, sh.clock(), string(id[:])).Err())
		look(3) // and one that nothing would ever wake
	})
}

func TestQueueFactsOfAQueueThatNobodyUsed(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx, now := t.Context(), time.Now()
		c := NewQueueClient(h.client, QueueOptions{})
		must(t, h.client.LPush(ctx, asynqKey("used", "pending"), "old", "new").Err()) // taken from the other end
		must(t, h.client.HSet(ctx, asynqKey("used", "t:old"), "pending_since", now.Add(-3*time.Second).UnixNano()).Err())
		must(t, h.client.Set(ctx, asynqKey("used", "processed"), 7, 0).Err())
		facts, err := c.QueueFacts(ctx, []string{"used", "unused"}, now)
		must(t, err)
		if f := facts["used"]; f.Pending != 2 || f.Processed != 7 || f.Latency != 3*time.Second {
			t.Errorf("used: %+v, want 2 pending, 7 processed, and a wait of 3s", f)
		}
		if f := facts["unused"]; f != (QueueFacts{}) {
			t.Errorf("unused: %+v, want nothing", f)
		}
	})
}
