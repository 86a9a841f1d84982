package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/store/redistest"
)

// house is a store with a campaign of two legs and a door whose queue keeps the jobs.
type house struct {
	*Store
	t    *testing.T
	c    *Campaign
	door *fallback.Door
	jobs []fallback.Job
}

func (h *house) Enqueue(_ context.Context, jobs []fallback.Job) error {
	h.jobs = append(h.jobs, jobs...)
	return nil
}

func twoLegs(id string) campaign.Campaign {
	c, err := campaign.ParseFile("test.yaml", []byte(`
campaign: `+id+`
route:
  - {channel: whatsapp, account: a, wait: 30m, template: {id: 1, placeholders: [name]}}
  - {channel: sms, account: a, wait: 1h, text: "Ciao {name}"}
`), nil)
	if err != nil {
		panic(err)
	}
	return c
}

func open(t *testing.T, client redis.UniversalClient) *house {
	t.Helper()
	ctx := t.Context()
	_, cluster := client.(*redis.ClusterClient)
	s, err := New(ctx, Options{Client: client, Cluster: cluster})
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Create(ctx, twoLegs("spring"))
	if err != nil {
		t.Fatal(err)
	}
	h := &house{Store: s, t: t, c: c}
	h.door = &fallback.Door{Ledger: s, Book: s, Queue: h}
	return h
}

// list is rows in memory.
type list struct {
	rows []campaign.Recipient
	at   int
}

func people(n int) *list {
	l := &list{}
	for i := range n {
		l.rows = append(l.rows, campaign.Recipient{
			Row: campaign.Row{Line: uint32(i + 2), Digest: uint32(i)},
			To:  campaign.Destination(fmt.Sprintf("+39340%07d", i)), Variables: campaign.Variables{"name": "Ada"},
		})
	}
	return l
}

func (h *house) load(l *list) campaign.ImportReport {
	h.t.Helper()
	l.at = 0
	report, err := h.Import(h.t.Context(), h.c.ID, l, Watcher{})
	if err != nil {
		h.t.Fatal(err)
	}
	return report
}

func (h *house) message(i int) campaign.MessageID {
	return h.idKey.Message(h.c.ID, campaign.Destination(fmt.Sprintf("+39340%07d", i)), "")
}

func (h *house) record(i int) fallback.Record {
	h.t.Helper()
	records, err := h.Load(h.t.Context(), []campaign.MessageID{h.message(i)})
	if err != nil || records[0].Stamp == 0 {
		h.t.Fatalf("load message %d: %v (stamp %v)", i, err, records[0].Stamp)
	}
	return records[0]
}

// tell tells a message an event of its present attempt.
func (h *house) tell(i int, kind fallback.EventKind) fallback.Result {
	h.t.Helper()
	r := h.record(i)
	e := fallback.Event{Kind: kind, Attempt: r.Attempt(), Mark: r.State.Ticket}
	results, err := h.door.Advance(h.t.Context(), time.Now(), fallback.Order{ID: r.ID, Event: e})
	if err != nil {
		h.t.Fatal(err)
	}
	return results[0]
}

// balanced checks that the counts are what a recount of the records gives, and that
// every open message stands in exactly one place.
func (h *house) balanced() {
	h.t.Helper()
	problems, err := h.Audit(h.t.Context(), h.c.Number)
	if err != nil || len(problems) > 0 {
		h.t.Errorf("the books do not balance: %v %v", problems, err)
	}
}

func each(t *testing.T, run func(*testing.T, *house)) {
	redistest.Each(t, func(t *testing.T, client redis.UniversalClient) { run(t, open(t, client)) })
}

func TestALifeInRedis(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		if got := h.load(people(3)); got.Accepted != 3 {
			t.Fatalf("import: %+v", got)
		}
		if err := h.Start(ctx, "spring", "me"); err != nil {
			t.Fatal(err)
		}
		_, lines, _, err := h.Heads(ctx, []campaign.Lane{{Account: "a", Channel: campaign.WhatsApp}, {Account: "a", Channel: campaign.SMS}})
		if err != nil || len(lines[0]) != 1 || len(lines[1]) != 0 {
			t.Fatalf("heads: %v %v", lines, err)
		}
		due, err := h.Due(ctx, lines[0][0], 2)
		if err != nil || len(due) != 2 {
			t.Fatalf("due: %d records, %v", len(due), err)
		}
		if _, err := h.door.Judge(ctx, time.Now(), due, fallback.OnTurn); err != nil {
			t.Fatal(err)
		}
		if len(h.jobs) != 2 {
			t.Fatalf("%d jobs, want 2", len(h.jobs))
		}
		i := 0
		if h.record(0).State.Phase != fallback.Queued {
			i = 1
		}
		for _, step := range []struct {
			on   fallback.EventKind
			want fallback.Phase
		}{{fallback.OnClaim, fallback.Sending}, {fallback.OnAccepted, fallback.Waiting}, {fallback.OnRead, fallback.Delivered}} {
			if r := h.tell(i, step.on); r.Err != nil || h.record(i).State.Phase != step.want {
				t.Fatalf("%s: %v, message is %s", step.on, r.Err, h.record(i).State)
			}
			h.balanced()
		}
		st, err := h.Status(ctx, "spring")
		if err != nil {
			t.Fatal(err)
		}
		sum := st.Summary()
		if sum.Accepted != 3 || sum.Counts["delivered"] != 1 || sum.Counts["queued"] != 1 || sum.Counts["scheduled"] != 1 || sum.Read != 1 || sum.State != "running" {
			t.Errorf("summary: %+v", sum)
		}
		if v := h.record(i).Variables; v != nil {
			t.Errorf("a delivered message keeps variables: %v", v)
		}
	})
}

func TestASaveIsSafeToRepeatAndRefusesTheStale(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		h.load(people(1))
		before := h.record(0)
		after := before
		after.Stamp, after.State.Phase = 42, fallback.Queued
		move := fallback.Move{Before: &before, After: &after, Place: fallback.Place{Kind: fallback.Clock, In: time.Minute}, Counts: fallback.Difference(&before, &after)}
		for range 3 { // an answer was lost, and the client asks again
			if errs := h.Save(ctx, []fallback.Move{move}); errs[0] != nil {
				t.Fatal(errs[0])
			}
		}
		h.balanced()
		other := before
		other.Stamp = 43
		move.After = &other
		if errs := h.Save(ctx, []fallback.Move{move}); !errors.Is(errs[0], fallback.ErrStale) {
			t.Errorf("a save on what the record was before: %v, want ErrStale", errs[0])
		}
		h.balanced()
	})
}

func TestClaimsAskControlAndTime(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		h.load(people(1))
		claim := func(last time.Time) error {
			before := h.record(0)
			after := before
			after.Stamp = before.Stamp + 1
			return h.Save(ctx, []fallback.Move{{Before: &before, After: &after, Place: fallback.Place{Kind: fallback.Kept}, Claim: true, NotAfter: last}})[0]
		}
		if err := claim(time.Time{}); !errors.Is(err, fallback.ErrPaused) {
			t.Errorf("claim before the start: %v, want ErrPaused", err)
		}
		var wrong *WrongStateError
		if err := h.Resume(ctx, "spring", "me"); !errors.As(err, &wrong) {
			t.Errorf("resume of a campaign that was not started: %v, want a WrongStateError", err)
		}
		must(t, h.Start(ctx, "spring", "me"))
		if err := claim(time.Now().Add(-time.Second)); !errors.Is(err, fallback.ErrTooLate) {
			t.Errorf("claim after the end of its window: %v, want ErrTooLate", err)
		}
		if err := claim(time.Now().Add(time.Hour)); err != nil {
			t.Errorf("claim: %v", err)
		}
		if _, err := h.Pause(ctx, "spring", "me", "lunch"); err != nil {
			t.Fatal(err)
		}
		if err := claim(time.Time{}); !errors.Is(err, fallback.ErrPaused) {
			t.Errorf("claim while paused: %v, want ErrPaused", err)
		}
		must(t, h.Resume(ctx, "spring", "me"))
		if err := claim(time.Time{}); err != nil {
			t.Errorf("claim after resume: %v", err)
		}
		if _, err := h.Cancel(ctx, "spring", "me", ""); err != nil {
			t.Fatal(err)
		}
		if err := claim(time.Time{}); !errors.Is(err, fallback.ErrCancelled) {
			t.Errorf("claim after cancel: %v, want ErrCancelled", err)
		}
		if _, err := h.Import(ctx, "spring", people(2), Watcher{}); !errors.Is(err, ErrCancelled) {
			t.Errorf("import into a cancelled campaign: %v, want ErrCancelled", err)
		}
		if err := h.Resume(ctx, "spring", "me"); !errors.As(err, &wrong) {
			t.Errorf("resume of a cancelled campaign: %v, want a WrongStateError", err)
		}
	})
}

func TestImportTwiceSendsOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		rows := people(1200)
		twice := rows.rows[7]
		twice.Row = campaign.Row{Line: 9999, Digest: 1}
		rows.rows = append(rows.rows, twice)
		first := h.load(rows)
		if first.Accepted != 1200 || first.Rejected != 1 || first.Reasons[campaign.DuplicateRecipient] != 1 {
			t.Errorf("first: %+v", first)
		}
		if again := h.load(rows); again.Accepted != 0 || again.AlreadyThere != 1200 || again.Rejected != 1 {
			t.Errorf("again: %+v", again)
		}
		must(t, h.Start(t.Context(), "spring", "me"))
		if sealed := h.load(people(1201)); sealed.AlreadyThere != 1200 || sealed.Reasons[campaign.CampaignSealed] != 1 {
			t.Errorf("after the start: %+v", sealed)
		}
		h.balanced()
	})
}

func TestANearlyFullRedisTakesNoImport(t *testing.T) {
	client := redistest.Real(t).Client(t)
	h := open(t, client)
	memory, err := MemoryUse(t.Context(), client)
	must(t, err)
	must(t, redistest.Admin(t, client).ConfigSet(t.Context(), "maxmemory", fmt.Sprint(memory.Used*5/4)).Err())
	if _, err := h.Import(t.Context(), "spring", people(10), Watcher{}); !errors.Is(err, ErrRedisFull) {
		t.Errorf("import at 80 %% of maxmemory: %v, want ErrRedisFull", err)
	}
	must(t, redistest.Admin(t, client).ConfigSet(t.Context(), "maxmemory", "0").Err())
	if got := h.load(people(10)); got.Accepted != 10 {
		t.Errorf("with room again: %+v", got)
	}
}

func TestSuppressedPeopleAreRejected(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		must(t, h.Suppress(t.Context(), "+393400000001"))
		if got := h.load(people(3)); got.Accepted != 2 || got.Reasons[campaign.SuppressedPerson] != 1 {
			t.Errorf("%+v", got)
		}
	})
}

func TestTheSameCampaignAgainAndAnother(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		if _, err := h.Create(ctx, twoLegs("spring")); err != nil {
			t.Errorf("the same campaign again: %v", err)
		}
		other := twoLegs("spring")
		other.Route[0].Wait = time.Hour
		var different *DifferentError
		if _, err := h.Create(ctx, other); !errors.As(err, &different) || len(different.Differences) == 0 {
			t.Errorf("another campaign with its id: %v, want a DifferentError that names the difference", err)
		}
		if _, err := h.Find(ctx, "nobody"); !errors.Is(err, fallback.ErrNoCampaign) {
			t.Errorf("an unknown campaign: %v", err)
		}
	})
}

func TestAnotherIDKeyIsRefused(t *testing.T) {
	_, client := redistest.Mini(t)
	ctx := t.Context()
	first, second := &campaign.IDKey{1}, &campaign.IDKey{2}
	for range 2 {
		if _, err := New(ctx, Options{Client: client, IDKey: first}); err != nil {
			t.Errorf("the first key: %v", err)
		}
	}
	for _, key := range []*campaign.IDKey{second, nil} {
		if _, err := New(ctx, Options{Client: client, IDKey: key}); !errors.Is(err, ErrKeyDiffers) {
			t.Errorf("id_key %v: %v, want ErrKeyDiffers", key, err)
		}
	}
}

func TestTheIndexFollowsLineAndClock(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		lane := []campaign.Lane{{Account: "a", Channel: campaign.WhatsApp}}
		h.load(people(1))
		must(t, h.Start(ctx, "spring", "me"))
		_, lines, _, err := h.Heads(ctx, lane)
		must(t, err)
		due, err := h.Due(ctx, lines[0][0], 10)
		must(t, err)
		if _, err := h.door.Judge(ctx, time.Now(), due, fallback.OnTurn); err != nil {
			t.Fatal(err)
		}
		must(t, h.Settle(ctx, lines[0]))
		if clocks, lines, _, err := h.Heads(ctx, lane); err != nil || len(lines[0]) != 0 || len(clocks) != 0 {
			t.Errorf("nothing is due, but heads gives %v and %v (%v)", clocks, lines, err)
		}
		h.tell(0, fallback.OnPostponed)
		if _, lines, _, err := h.Heads(ctx, lane); err != nil || len(lines[0]) != 1 {
			t.Errorf("one is due again, but heads gives %v (%v)", lines, err)
		}
		must(t, h.client.Del(ctx, indexLine(lane[0])).Err())
		must(t, h.Sweep(ctx))
		if _, lines, _, err := h.Heads(ctx, lane); err != nil || len(lines[0]) != 1 {
			t.Errorf("after a sweep heads gives %v (%v)", lines, err)
		}
		h.balanced()
	})
}

func TestAReceiptBeforeItsAttemptIsKnown(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		r := campaign.Receipt{ProviderID: "wamid.1", Kind: campaign.ReceiptDelivered}
		if _, found, err := h.FindOrPark(ctx, "a", r); err != nil || found {
			t.Fatalf("found %t, %v", found, err)
		}
		want := h.message(0).Attempt(0, 0)
		waited, err := h.Enter(ctx, "a", "wamid.1", want)
		if err != nil || len(waited) != 1 || waited[0].Attempt != want || waited[0].Kind != r.Kind {
			t.Errorf("enter gave %+v, %v", waited, err)
		}
		if got, found, err := h.FindOrPark(ctx, "a", r); err != nil || !found || got != want {
			t.Errorf("after it was entered: %v %t %v", got, found, err)
		}
	})
}

func TestOnAClusterAMessageLiesInOneSlot(t *testing.T) {
	h := open(t, redistest.Cluster(t).Client(t))
	if h.c.Shards != shardsOnCluster {
		t.Fatalf("%d shards", h.c.Shards)
	}
	ctx := t.Context()
	if got := h.load(people(2000)); got.Accepted != 2000 {
		t.Fatalf("%+v", got)
	}
	must(t, h.Start(ctx, "spring", "me"))
	lane := []campaign.Lane{{Account: "a", Channel: campaign.WhatsApp}}
	_, lines, _, err := h.Heads(ctx, lane)
	must(t, err)
	if len(lines[0]) != shardsOnCluster {
		t.Errorf("%d heads, want one for each shard", len(lines[0]))
	}
	for _, head := range lines[0] {
		due, err := h.Due(ctx, head, 1000)
		must(t, err)
		_, err = h.door.Judge(ctx, time.Now(), due, fallback.OnTurn)
		must(t, err)
	}
	must(t, h.Settle(ctx, lines[0]))
	if len(h.jobs) != 2000 {
		t.Errorf("%d jobs", len(h.jobs))
	}
	h.balanced()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (l *list) Names() []string { return []string{"name"} }
func (l *list) Blank() int      { return 0 }

func (l *list) Header() []string { return []string{"destination", "name"} }

func (l *list) Next() (campaign.Recipient, *campaign.Reject, error) {
	if l.at == len(l.rows) {
		return campaign.Recipient{}, nil, io.EOF
	}
	r := l.rows[l.at]
	l.at++
	return r, nil, nil
}
