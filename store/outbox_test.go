package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/store/redistest"
)

// telling runs a test with a campaign of which somebody outside is told.
func telling(t *testing.T, run func(*testing.T, *house)) {
	each(t, func(t *testing.T, h *house) { run(t, h.telling()) })
}

func (h *house) telling() *house {
	h.told = func(*campaign.Campaign) bool { return true }
	h.pave(h.c)
	return h
}

// news takes all that is due, and leaves it due for the next who asks, as it would be if
// the one who took it had died. It gives what it is, in an order that is the same each time.
func (h *house) news() (list []Told, ids []string) {
	h.t.Helper()
	boxes, _, err := h.Outboxes(h.t.Context())
	must(h.t, err)
	for _, o := range boxes {
		taken, err := h.TakeNews(h.t.Context(), o, 100, 0)
		must(h.t, err)
		for _, n := range taken {
			list, ids = append(list, n), append(ids, n.News.ID())
		}
	}
	slices.Sort(ids)
	return list, ids
}

// settle says of all news that is due that it came.
func (h *house) settleAllNews(count NewsCount) {
	h.t.Helper()
	boxes, _, err := h.Outboxes(h.t.Context())
	must(h.t, err)
	for _, o := range boxes {
		taken, err := h.TakeNews(h.t.Context(), o, 100, time.Minute)
		must(h.t, err)
		if again, err := h.TakeNews(h.t.Context(), o, 100, time.Minute); err != nil || len(again) > 0 {
			h.t.Errorf("%d pieces were taken twice (%v)", len(again), err)
		}
		settled := make([]Settled, len(taken))
		for i, n := range taken {
			settled[i] = Settled{Key: n.Key, Count: count}
		}
		for range 2 { // an answer was lost, and the client asks again
			must(h.t, h.SettleNews(h.t.Context(), o, settled))
		}
	}
}

// waiting brings a message to where it waits for receipts on its leg.
func (h *house) waiting(i int) {
	h.t.Helper()
	r := h.record(i)
	_, err := h.door.Judge(h.t.Context(), time.Now(), []fallback.Record{r}, fallback.OnTurn)
	must(h.t, err)
	for _, on := range []fallback.EventKind{fallback.OnClaim, fallback.OnAccepted} {
		if r := h.tell(i, on); !r.Moved() {
			h.t.Fatalf("%s: %v", on, r.Err)
		}
	}
}

func TestNewsIsWrittenByTheSaveThatMakesIt(t *testing.T) { telling(t, newsIsWritten) }

func TestNewsOnACluster(t *testing.T) {
	t.Parallel()
	nodes := redistest.Cluster(t)
	newsIsWritten(t, open(t, nodes.Client(t)).telling())
}

func newsIsWritten(t *testing.T, h *house) {
	h.load(people(4))
	must(t, h.Start(t.Context(), "spring", "me"))
	for i := range 3 {
		h.waiting(i)
	}
	if _, ids := h.news(); len(ids) > 0 {
		t.Fatalf("news before there is any: %v", ids)
	}
	h.tell(0, fallback.OnUndelivered) // to the next leg
	h.tell(1, fallback.OnDelivered)
	h.tell(3, fallback.OnTooLate)
	want := []string{
		fallback.News{Message: h.message(1), Kind: fallback.NewsClosed, At: h.record(1).Closed}.ID(),
		fallback.News{Message: h.message(3), Kind: fallback.NewsClosed, At: h.record(3).Closed}.ID(),
		fallback.News{Message: h.message(0), Kind: fallback.NewsEscalated, At: h.record(0).History[0].Reported}.ID(),
	}
	slices.Sort(want)
	for range 2 {
		list, ids := h.news()
		if !slices.Equal(ids, want) {
			t.Fatalf("news %v, want %v", ids, want)
		}
		for _, n := range list {
			if n.Record.ID != n.News.Message || n.Record.Stamp == 0 || n.Since.IsZero() || time.Since(n.News.At) > time.Hour {
				t.Errorf("news %+v comes with the record %+v", n.News, n.Record)
			}
			if n.News.Kind == fallback.NewsEscalated && (n.News.Leg != 0 || n.News.Next != 1) {
				t.Errorf("it escalated from leg %d to %d", n.News.Leg, n.News.Next)
			}
		}
	}
	counts, err := h.ToldOf(t.Context(), h.c.Number)
	if want := (NewsCounts{Waiting: 3}); err != nil || counts != want {
		t.Errorf("counted %+v (%v), want %+v", counts, err, want)
	}
	h.settleAllNews(NewsDelivered)
	counts, err = h.ToldOf(t.Context(), h.c.Number)
	if want := (NewsCounts{Delivered: 3}); err != nil || counts != want {
		t.Errorf("counted %+v (%v), want %+v", counts, err, want)
	}
	h.tell(0, fallback.OnDelivered) // on the first leg, after all: the next is never sent
	h.tell(2, fallback.OnUndelivered)
	if _, ids := h.news(); len(ids) != 2 {
		t.Errorf("news %v, want a close and an escalation", ids)
	}
	h.balanced()
}

func TestARetriedMessageClosesOnceMore(t *testing.T) {
	telling(t, func(t *testing.T, h *house) {
		h.load(people(1))
		must(t, h.Start(t.Context(), "spring", "me"))
		h.tell(0, fallback.OnTooLate)
		_, first := h.news()
		h.settleAllNews(NewsDelivered)
		h.tell(0, fallback.OnRetry)
		h.tell(0, fallback.OnTooLate)
		_, second := h.news()
		if len(first) != 1 || len(second) != 1 || first[0] == second[0] {
			t.Errorf("closed as %v, then as %v: want one each, and not the same", first, second)
		}
	})
}

func TestALateDeliveryIsNews(t *testing.T) {
	telling(t, func(t *testing.T, h *house) {
		h.load(people(1))
		must(t, h.Start(t.Context(), "spring", "me"))
		h.waiting(0)
		h.tell(0, fallback.OnUndelivered)
		h.waiting(0)
		h.tell(0, fallback.OnUndelivered)
		h.settleAllNews(NewsDelivered)
		h.tell(0, fallback.OnDelivered)
		h.tell(0, fallback.OnDelivered)
		h.tell(0, fallback.OnRead)
		if _, ids := h.news(); len(ids) != 1 || !strings.HasPrefix(ids[0], "late_") {
			t.Errorf("news %v, want one that is late", ids)
		}
	})
}

func TestARepeatedOrStaleSaveIsNoNews(t *testing.T) {
	telling(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		h.load(people(1))
		before := h.record(0)
		close := func(stamp fallback.Stamp) fallback.Move {
			after := before
			after.Stamp, after.State.Phase, after.Closed = stamp, fallback.Expired, time.Now()
			return fallback.Move{Before: &before, After: &after, Counts: fallback.Difference(&before, &after)}
		}
		move := close(42)
		for range 3 { // an answer was lost, and the client asks again
			must(t, h.Save(ctx, []fallback.Move{move})[0])
		}
		if err := h.Save(ctx, []fallback.Move{close(43)})[0]; !errors.Is(err, fallback.ErrStale) {
			t.Fatalf("a save on what the record was before: %v", err)
		}
		if _, ids := h.news(); len(ids) != 1 {
			t.Errorf("news %v, want one", ids)
		}
	})
}

// TestNobodyPaysForNewsThatNobodyWants holds what the hot path is told against what it was
// before there was news.
func TestNobodyPaysForNewsThatNobodyWants(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		h.load(people(2))
		must(t, h.Start(ctx, "spring", "me"))
		keys := map[bool]int{true: 4 + 2, false: 4 + 2 + 1 + 2}[h.cluster]
		if got := len(h.c.roads[0].saveKeys); got != keys || h.c.roads[0].tells {
			t.Errorf("a save has %d keys, want %d", got, keys)
		}
		before, after := h.record(0), h.record(0)
		after.State.Phase = fallback.Expired
		moves := []saving{{&fallback.Move{Before: &before, After: &after}, "record"}}
		if got := len(saveArgs(2, "", false, moves)); got != 3+8 {
			t.Errorf("a save has %d arguments, want 11", got)
		}
		h.tell(0, fallback.OnTooLate)
		must(t, h.Sweep(ctx))
		if left, err := redistest.Admin(t, h.client).Keys(ctx, "*outbox*").Result(); err != nil || len(left) > 0 {
			t.Errorf("there are %v (%v)", left, err)
		}
	})
}

func TestASweepHealsTheIndexOfOutboxes(t *testing.T) {
	telling(t, func(t *testing.T, h *house) {
		h.load(people(1))
		must(t, h.Start(t.Context(), "spring", "me"))
		h.tell(0, fallback.OnTooLate)
		must(t, h.KeepInbound(t.Context(), "crm", campaign.Receipt{Account: "a", From: "+393400000000", Text: "ciao"}, false, false, nil))
		must(t, h.client.Del(t.Context(), indexOutbox).Err())
		if _, ids := h.news(); len(ids) != 0 {
			t.Fatalf("news %v without an index", ids)
		}
		must(t, h.Sweep(t.Context()))
		if _, ids := h.news(); len(ids) != 2 {
			t.Errorf("news %v after a sweep, want one of a message and a reply", ids)
		}
	})
}

func TestNewsIsToldAnewAndAgain(t *testing.T) {
	telling(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		h.load(people(3))
		must(t, h.Start(ctx, "spring", "me"))
		for i := range 2 {
			h.tell(i, fallback.OnTooLate)
		}
		list, _ := h.news()
		for _, n := range list {
			must(t, h.SettleNews(ctx, Outbox{h.c, "", h.c.shardOf(n.News.Message)}, []Settled{{Key: n.Key, Again: time.Now().Add(time.Hour)}}))
		}
		if _, ids := h.news(); len(ids) != 0 {
			t.Fatalf("news %v before it is due again", ids)
		}
		if n, err := h.TellAnew(ctx, "crm", []campaign.Number{h.c.Number}); err != nil || n != 2 {
			t.Fatalf("told anew: %d, %v", n, err)
		}
		_, first := h.news()
		h.settleAllNews(NewsGivenUp)
		if n, err := h.TellAgain(ctx, h.c.Number, time.Now().Add(-time.Hour)); err != nil || n != 2 {
			t.Fatalf("told again: %d, %v", n, err)
		}
		list, second := h.news()
		if len(first) != 2 || !slices.Equal(first, second) {
			t.Errorf("told %v, then %v: want the same two", first, second)
		}
		for _, n := range list {
			if n.Since.Before(n.News.At) {
				t.Errorf("told since %s of %s", n.Since, n.News.At)
			}
		}
		if n, err := h.TellAgain(ctx, h.c.Number, time.Now().Add(time.Hour)); err != nil || n != 0 {
			t.Errorf("told again of what did not close yet: %d, %v", n, err)
		}
	})
}

func TestWhatPeopleWroteIsKeptOnceAndErased(t *testing.T) {
	telling(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		h.load(people(2))
		must(t, h.Start(ctx, "spring", "me"))
		h.waiting(0)
		from := campaign.Destination("+393400000000")
		over := func(account string) []*Campaign {
			list, err := h.CampaignsOver(ctx, account)
			must(t, err)
			return list
		}
		if len(over("a")) != 1 || len(over("nobody's")) != 0 {
			t.Errorf("%d campaigns are over a, %d over nobody's", len(over("a")), len(over("nobody's")))
		}
		about, err := h.LastMessageTo(ctx, over("a"), "a", from)
		if err != nil || about == nil || *about != h.message(0) {
			t.Fatalf("the last message is %v (%v)", about, err)
		}
		for account, to := range map[string]campaign.Destination{"b": from, "a": "+393400000001"} {
			if other, err := h.LastMessageTo(ctx, over("a"), account, to); err != nil || other != nil {
				t.Errorf("the last message over %s to one who got none is %v (%v)", account, other, err)
			}
		}
		receipt := campaign.Receipt{Account: "a", ProviderID: "in-1", Kind: campaign.ReceiptInbound, From: from, Channel: campaign.WhatsApp, Text: "ciao"}
		for range 2 { // the provider reports it twice
			must(t, h.KeepInbound(ctx, "crm", receipt, true, false, about))
		}
		receipt.ProviderID, receipt.From = "in-2", "+393400000001"
		must(t, h.KeepInbound(ctx, "crm", receipt, false, true, nil))
		for _, what := range []string{"outbox", "letters"} { // should nobody ever tell it
			if left, err := redistest.Admin(t, h.client).TTL(ctx, keyInbound("crm", what)).Result(); err != nil || left <= 24*time.Hour || left > inboundLasts {
				t.Errorf("%s expires after %s (%v)", what, left, err)
			}
		}
		list, _ := h.news()
		if len(list) != 2 || list[0].Inbound == nil || list[1].Inbound == nil || list[0].Inbound.ID == list[1].Inbound.ID {
			t.Fatalf("kept: %+v", list)
		}
		for _, n := range list {
			if first := n.Inbound.Message != nil; first != (n.Inbound.From == from) || n.Inbound.Stop == first || n.Inbound.Text != "ciao" {
				t.Errorf("kept: %+v", n.Inbound)
			}
		}
		if _, _, err := h.EraseTraces(ctx, from, nil, nil); err != nil {
			t.Fatal(err)
		}
		list, _ = h.news()
		if len(list) != 2 || (list[0].Inbound == nil) == (list[1].Inbound == nil) {
			t.Errorf("after an erasure: %+v, want one of the two without what was written", list)
		}
		h.settleAllNews(NewsDropped)
		if left, err := h.client.HLen(ctx, keyInbound("crm", "letters")).Result(); err != nil || left != 0 {
			t.Errorf("%d letters are left (%v)", left, err)
		}
		if counts, err := h.ToldInbound(ctx, "crm"); err != nil || counts != (NewsCounts{Dropped: 2}) {
			t.Errorf("counted %+v (%v)", counts, err)
		}
	})
}

func TestHowAReceiverStands(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		at := time.UnixMilli(1_800_000_000_123).UTC()
		for _, o := range []Outside{{Failing: at, Held: at.Add(time.Minute), Error: "it answered 503"}, {Gone: at, Error: "it answered 410"}, {}} {
			must(t, h.NoteOutside(t.Context(), "crm", o))
			all, err := h.OutsideOf(t.Context(), "crm", "other")
			if err != nil || all["crm"] != o || all["other"] != (Outside{}) {
				t.Errorf("noted %+v, read %+v (%v)", o, all, err)
			}
		}
	})
}

func TestNewsInTheOutbox(t *testing.T) {
	t.Parallel()
	at := time.UnixMilli(1_800_000_000_123).UTC()
	n := fallback.News{Message: campaign.MessageID{1, 2, 15: 3}, Kind: fallback.NewsEscalated, Phase: fallback.Waiting, Leg: 1, Next: 2, Try: 3, At: at}
	text := encodeNews(n, at.Add(time.Hour))
	back, since, err := decodeNews(text)
	if err != nil || back != n || !since.Equal(at.Add(time.Hour)) {
		t.Errorf("read back as %+v since %s (%v)", back, since, err)
	}
	for i, bad := range []string{"", text[:20], text + "x", text[:16] + "\x09" + text[17:], text[:17] + "\xff" + text[18:]} {
		if _, _, err := decodeNews(bad); err == nil {
			t.Errorf("what is no news is read as some: %s", fmt.Sprint(i))
		}
	}
}
