package store

import (
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/store/redistest"
)

// quiet keeps what is set aside out of the test's output.
func (h *house) quiet() *house {
	h.Store.log = slog.New(slog.DiscardHandler)
	return h
}

// damage changes a message's record as it lies in Redis.
func (h *house) damage(i int, change func(text []byte)) {
	h.t.Helper()
	ctx, id := h.t.Context(), h.message(i)
	key := h.c.shardOf(id).messages()
	text, err := h.client.HGet(ctx, key, string(id[:])).Bytes()
	must(h.t, err)
	change(text)
	must(h.t, h.client.HSet(ctx, key, string(id[:]), text).Err())
}

func newerVersion(text []byte) { text[atVersion] = version + 1 }

// A campaign that a newer version has entered, which this one cannot read.
func TestACampaignThatCannotBeReadStopsNoOther(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		h.quiet().load(people(5))
		must(t, h.Start(ctx, "spring", "me"))
		newer := `{"campaign":{"campaign":"newer","of_a_newer_version":1},"shards":1}`
		must(t, h.client.HSet(ctx, keyCampaigns, "00000000aa", newer, "no number", newer, "00000000ab", "no json").Err())
		list, err := h.List(ctx)
		if err != nil || len(list) != 1 || list[0].ID != "spring" {
			t.Errorf("List: %d campaigns, %v; want the one that can be read", len(list), err)
		}
		lane := h.c.Route[0].Lane()
		must(t, h.client.Del(ctx, indexLine(lane)).Err())
		must(t, h.Sweep(ctx))
		if _, lines, _, err := h.Heads(ctx, []campaign.Lane{lane}); err != nil || len(lines[0]) != 1 {
			t.Errorf("after a sweep heads gives %v, %v; want the line of the readable one", lines, err)
		}
		if ids, err := h.MessagesTo(ctx, "+393400000000"); err != nil || len(ids) == 0 {
			t.Errorf("MessagesTo: %v, %v", ids, err)
		}
	})
}

// Records that a newer version wrote stand at the head of a line. Those behind them go.
func TestUnreadableRecordsBlockNobody(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		h.quiet().load(people(20))
		must(t, h.Start(ctx, "spring", "me"))
		line := h.c.all()[0].line(0)
		for i := range 5 {
			id := h.message(i)
			h.damage(i, newerVersion)
			must(t, h.client.ZAdd(ctx, line, redis.Z{Score: 1, Member: string(id[:])}).Err())
		}
		head := fallback.Head{Campaign: h.c.Number, Lane: h.c.Route[0].Lane()}
		for range 3 { // a batch that is smaller than what cannot be read
			records, err := h.Due(ctx, head, 4)
			must(t, err)
			_, err = h.door.Judge(ctx, time.Now(), records, fallback.OnTurn)
			must(t, err)
		}
		if len(h.jobs) != 7 { // 0 of the first four, 3 beside the fifth, 4
			t.Errorf("three batches of 4 behind five unreadable records gave %d jobs, want 7", len(h.jobs))
		}
		if n := h.client.ZCard(ctx, line).Val(); n != 20-7 {
			t.Errorf("%d stand in line, want 13: who cannot be read stays there", n)
		}
		if h.Unreadable() != 5 {
			t.Errorf("%d unreadable records were counted, want 5", h.Unreadable())
		}
	})
}

// They are looked at again, for a newer version may read them.
func TestUnreadableRecordsAreLookedAtAgain(t *testing.T) {
	mini, client := redistest.Mini(t)
	h := open(t, client).quiet()
	ctx, now := t.Context(), time.Now()
	mini.SetTime(now)
	h.load(people(1))
	h.damage(0, newerVersion)
	head := fallback.Head{Campaign: h.c.Number, Lane: h.c.Route[0].Lane()}
	for _, x := range []struct {
		after time.Duration
		want  int64
	}{{0, 1}, {lookAgain - time.Second, 1}, {lookAgain + time.Second, 2}} {
		mini.SetTime(now.Add(x.after))
		records, err := h.Due(ctx, head, 10)
		if err != nil || len(records) != 0 || h.Unreadable() != x.want {
			t.Errorf("after %v: %d records, %v, met %d times; want none, %d times", x.after, len(records), err, h.Unreadable(), x.want)
		}
	}
}

// News of a record that a newer version wrote, and a reply that one did, wait for it.
func TestNewsOfWhatCannotBeReadIsKept(t *testing.T) {
	telling(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		h.quiet().load(people(2))
		must(t, h.Start(ctx, "spring", "me"))
		for i := range 2 {
			h.tell(i, fallback.OnTooLate)
			receipt := campaign.Receipt{Account: "a", ProviderID: fmt.Sprint(i), From: "+393400000000", Text: "ciao"}
			must(t, h.KeepInbound(ctx, "crm", receipt, false, false, nil))
		}
		h.damage(0, newerVersion)
		letters := keyInbound("crm", "letters")
		ids, err := h.client.HKeys(ctx, letters).Result()
		must(t, err)
		known, err := h.client.HGet(ctx, letters, ids[0]).Result()
		must(t, err)
		must(t, h.client.HSet(ctx, letters, ids[0], `{"received":"of a newer form"}`).Err())
		if list, _ := h.news(); len(list) != 2 {
			t.Errorf("took %d pieces of news, want the two that can be read", len(list))
		}
		h.damage(0, func(text []byte) { text[atVersion] = version })
		must(t, h.client.HSet(ctx, letters, ids[0], known).Err())
		list, _ := h.news()
		for _, n := range list {
			if n.Record.Stamp == 0 && n.Inbound == nil {
				t.Errorf("took %+v without what it is about", n)
			}
		}
		if len(list) != 4 {
			t.Errorf("once all can be read, took %d pieces of news, want 4", len(list))
		}
	})
}

// What no version of this campaign can have written is not guessed.
func TestARecordBeyondItsRouteIsSetAside(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		h.quiet().load(people(2))
		must(t, h.Start(ctx, "spring", "me"))
		h.damage(0, func(text []byte) { text[headSize] = byte(len(h.c.Route)) })
		records, err := h.Load(ctx, []campaign.MessageID{h.message(0), h.message(1)})
		if err != nil || records[0].Stamp != 0 || records[1].Stamp == 0 {
			t.Errorf("load: stamps %v and %v, %v; want none and one", records[0].Stamp, records[1].Stamp, err)
		}
		fresh, err := New(ctx, Options{Client: h.client, Cluster: h.cluster, Log: h.log}) // that has not looked the campaign up
		must(t, err)
		due, err := fresh.Due(ctx, fallback.Head{Campaign: h.c.Number, Lane: h.c.Route[0].Lane()}, 10)
		if err != nil || len(due) != 1 || due[0].ID != h.message(1) {
			t.Errorf("due: %d records, %v; want the other one", len(due), err)
		}
		results, err := h.door.Advance(ctx, time.Now(), fallback.Order{ID: h.message(0), Event: fallback.Event{Kind: fallback.OnCancel}})
		if err != nil || !errors.Is(results[0].Err, fallback.ErrNoMessage) {
			t.Errorf("an order for it: %v, %v; want ErrNoMessage", results[0].Err, err)
		}
		if h.Unreadable() == 0 {
			t.Error("it was not counted")
		}
	})
}
