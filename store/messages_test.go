package store

import (
	"context"
	"fmt"
	"net"
	"sync/atomic"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/store/redistest"
)

// trips counts round trips to Redis.
type trips struct{ n atomic.Int64 }

func (c *trips) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) { return next(ctx, network, addr) }
}

func (c *trips) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error { c.n.Add(1); return next(ctx, cmd) }
}

func (c *trips) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error { c.n.Add(1); return next(ctx, cmds) }
}

func TestAThousandMessagesAreAFewRoundTrips(t *testing.T) {
	client := redistest.Real(t).Client(t)
	h := open(t, client)
	var list []campaign.Message
	for i := range 10 {
		c, err := h.Create(t.Context(), twoLegs(fmt.Sprint("c", i)))
		must(t, err)
		for k := range 100 {
			list = append(list, campaign.Message{Campaign: c.ID, Destination: fmt.Sprintf("+39340%07d", k), Variables: campaign.Variables{"name": "Ada"}})
		}
	}
	add := func(want campaign.Result) int64 {
		counter := &trips{}
		client.AddHook(counter)
		results, err := h.Add(t.Context(), list)
		must(t, err)
		for i, r := range results {
			if r.Result != want || r.ID == nil || *r.ID != h.idKey.Message(list[i].Campaign, campaign.Destination(list[i].Destination), "") {
				t.Fatalf("message %d: %+v, want it %s", i, r, want)
			}
		}
		return counter.n.Load()
	}
	add(campaign.Accepted)
	const few = 5
	if n := add(campaign.AlreadyThere); n > few {
		t.Errorf("the second call took %d round trips, want at most %d", n, few)
	}
	for i := range 10 {
		must(t, h.Start(t.Context(), fmt.Sprint("c", i), "me")) // they are ready, for they have messages
		c, err := h.Find(t.Context(), fmt.Sprint("c", i))
		must(t, err)
		if problems, err := h.Audit(t.Context(), c.Number); err != nil || len(problems) > 0 {
			t.Errorf("the books do not balance: %v %v", problems, err)
		}
	}
}

func TestWhatBecomesOfMessages(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		_, err := h.Create(ctx, orders())
		must(t, err)
		_, err = h.Create(ctx, twoLegs("over"))
		must(t, err)
		_, err = h.Cancel(ctx, "over", "me", "")
		must(t, err)
		h.load(people(1))
		must(t, h.Start(ctx, "spring", "me"))
		must(t, h.Suppress(ctx, "+393400000009"))
		order := func(key, name string) campaign.Message {
			return campaign.Message{Campaign: "orders", Destination: "+393400000001", Key: key, Variables: campaign.Variables{"name": name}}
		}
		one := func(id, to string) campaign.Message {
			return campaign.Message{Campaign: id, Destination: to, Variables: campaign.Variables{"name": "Ada"}}
		}
		past := order("4", "Ada")
		past.ScheduledDate = "2020-01-01T00:00:00Z"
		for i, x := range []struct {
			m      campaign.Message
			result campaign.Result
			reason campaign.Reason
		}{
			{order("1", "Ada"), campaign.Accepted, ""},
			{order("2", "Ada"), campaign.Accepted, ""},
			{order("1", "Ada"), campaign.AlreadyThere, ""},
			{order("1", "Bob"), campaign.Rejected, campaign.DuplicateRecipient},
			{order("", "Ada"), campaign.Rejected, campaign.MissingKey},
			{past, campaign.Rejected, campaign.PastDate},
			{one("spring", "+393400000002"), campaign.Rejected, campaign.CampaignSealed},
			{one("spring", "+393400000000"), campaign.Rejected, campaign.DuplicateRecipient},
			{one("spring", "12"), campaign.Rejected, campaign.InvalidNumber},
			{one("over", "+393400000002"), campaign.Rejected, campaign.CancelledCampaign},
			{one("none", "+393400000002"), campaign.Rejected, campaign.NoSuchCampaign},
			{campaign.Message{Campaign: "orders", Destination: "+393400000009", Key: "1"}, campaign.Rejected, campaign.SuppressedPerson},
		} {
			for _, list := range [][]campaign.Message{{x.m}, {x.m, x.m}} {
				results, err := h.Add(ctx, list)
				must(t, err)
				got := results[len(results)-1]
				want := x.result
				if want == campaign.Accepted && len(list) == 2 {
					want = campaign.AlreadyThere // by then it is
				}
				if got.Result != want || got.Reason != x.reason {
					t.Errorf("message %d: %+v, want %s %s", i, got, want, x.reason)
				}
			}
		}
	})
}
