package store

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/store/redistest"
)

// orders is a standing campaign whose template takes whatever it is given.
func orders() campaign.Campaign {
	c, err := campaign.ParseFile("test.yaml", []byte("campaign: orders\nstanding: true\nroute: [{channel: whatsapp, account: a, template: {id: 1}}]\n"), nil)
	if err != nil {
		panic(err)
	}
	return c
}

func variables(names ...string) campaign.Variables {
	v := campaign.Variables{}
	for _, name := range names {
		v[name] = "value of " + name
	}
	return v
}

func (h *house) write(t *testing.T, c *Campaign, key string, vars campaign.Variables) campaign.MessageID {
	t.Helper()
	list := []incoming{newIncoming(c, campaign.Recipient{To: "+393400000001", Key: key, Variables: vars}, nil)}
	answers, err := h.put(t.Context(), list)
	if err != nil || answers[0] != accepted {
		t.Fatalf("%v %v", answers, err)
	}
	return list[0].id
}

// Another process that has known the names for long learns of new ones by the records.
func TestNamesGrowAndNobodyMixesThem(t *testing.T) {
	redistest.Each(t, func(t *testing.T, client redis.UniversalClient) {
		h, other := open(t, client), open(t, client)
		ctx := t.Context()
		c, err := h.Create(ctx, orders())
		must(t, err)
		for i, names := range [][]string{{}, {"b"}, {"b", "a"}, {"c", "b"}} {
			id := h.write(t, c, fmt.Sprint(i), variables(names...))
			records, err := other.Load(ctx, []campaign.MessageID{id})
			must(t, err)
			known, err := other.Names(ctx, c.Number)
			must(t, err)
			for _, name := range names {
				if at := slices.Index(known, name); at < 0 || records[0].Variables[at] != "value of "+name {
					t.Errorf("message %d: %s stands at %d of %q in %q", i, name, at, known, records[0].Variables)
				}
			}
		}
		many := make([]string, mostNames)
		for i := range many {
			many[i] = fmt.Sprint("n", i)
		}
		list := []incoming{newIncoming(c, campaign.Recipient{To: "+393400000001", Key: "x", Variables: variables(many...)}, nil)}
		answers, err := h.put(ctx, list)
		if err != nil || answers[0] != mayNotBeNew || list[0].reject.Reason != campaign.TooManyNames {
			t.Errorf("%d names more: %v %+v %v", mostNames, answers, list[0].reject, err)
		}
	})
}

func TestAStopReachesEveryMessageToAPerson(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		c, err := h.Create(ctx, orders())
		must(t, err)
		must(t, h.Start(ctx, "orders", "me"))
		for i := range 3 {
			h.write(t, c, fmt.Sprint(i), nil)
		}
		must(t, h.Suppress(ctx, "+393400000001"))
		ids, err := h.MessagesTo(ctx, "+393400000001")
		must(t, err)
		var events []fallback.Order
		for _, id := range ids {
			events = append(events, fallback.Order{ID: id, Event: fallback.Event{Kind: fallback.OnOptOut}})
		}
		_, err = h.door.Advance(ctx, time.Now(), events...)
		must(t, err)
		counts, _, err := h.Counts(ctx, c.Number)
		must(t, err)
		if n := counts.Phase(fallback.Suppressed); n != 3 || counts.Open() != 0 {
			t.Errorf("%d suppressed, %d open, want 3 and 0", n, counts.Open())
		}
		list := []incoming{newIncoming(c, campaign.Recipient{To: "+393400000001", Key: "9"}, nil)}
		answers, err := h.put(ctx, list)
		if err != nil || answers[0] != mayNotBeNew || list[0].reject.Reason != campaign.SuppressedPerson {
			t.Errorf("a message after the STOP: %v %+v %v", answers, list[0].reject, err)
		}
	})
}
