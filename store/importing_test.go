package store

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/store/redistest"
)

// slowImport is an import that stands still after its first chunk, until it is told.
type slowImport struct {
	t       *testing.T
	proceed chan struct{}
	ended   chan struct{}
	report  campaign.ImportReport
	err     error
}

// importSlowly begins one, and returns when its first chunk is written.
func (h *house) importSlowly(id string, l *list) *slowImport {
	s := &slowImport{t: h.t, proceed: make(chan struct{}), ended: make(chan struct{})}
	reached := make(chan struct{})
	first := true
	go func() {
		defer close(s.ended)
		s.report, s.err = h.Import(h.t.Context(), id, l, Watcher{Progress: func(campaign.ImportReport) {
			if first {
				first = false
				close(reached)
				<-s.proceed
			}
		}})
	}()
	select {
	case <-reached:
	case <-s.ended:
		h.t.Fatalf("the import ended before it had begun: %+v, %v", s.report, s.err)
	}
	return s
}

// end lets it go on, and gives what came of it.
func (s *slowImport) end() (campaign.ImportReport, error) {
	close(s.proceed)
	<-s.ended
	return s.report, s.err
}

// accepts ends it, and checks that it took so many and rejected none.
func (s *slowImport) accepts(n int) {
	s.t.Helper()
	if report, err := s.end(); err != nil || report.Accepted != n || report.Rejected != 0 {
		s.t.Errorf("import: %+v, %v; want %d accepted", report, err, n)
	}
}

// others are n people whom people does not have.
func others(n int) *list {
	l := people(n)
	for i := range l.rows {
		l.rows[i].Row.Line += 100_000
		l.rows[i].To = campaign.Destination(fmt.Sprintf("+39341%07d", i))
	}
	return l
}

func (h *house) status(id string) *Status {
	h.t.Helper()
	st, err := h.Status(h.t.Context(), id)
	must(h.t, err)
	return st
}

// closeCancelled tells messages of cancelled campaigns, as the scheduler does.
func (h *house) closeCancelled() {
	h.t.Helper()
	ctx := h.t.Context()
	numbers, err := h.Cancelling(ctx)
	must(h.t, err)
	for _, n := range numbers {
		var orders []fallback.Order
		must(h.t, h.Each(ctx, n, func(r *fallback.Record) error {
			orders = append(orders, fallback.Order{ID: r.ID, Event: fallback.Event{Kind: fallback.OnCancel}})
			return nil
		}))
		_, err := h.door.Advance(ctx, time.Now(), orders...)
		must(h.t, err)
		must(h.t, h.CancelDone(ctx, n))
	}
}

func TestACancelEndsAnImportThatGoesOn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		slow := h.importSlowly("spring", people(2000))
		_, err := h.Cancel(t.Context(), "spring", "me", "wrong file")
		must(t, err)
		h.closeCancelled()
		if _, err := slow.end(); !errors.Is(err, ErrCancelled) {
			t.Errorf("the import into a campaign that was cancelled meanwhile: %v, want ErrCancelled", err)
		}
		if st := h.status("spring"); st.Counts.Open() != 0 || st.Counts.Phase(fallback.Cancelled) != importChunk || st.Importing {
			t.Errorf("%d open, %d cancelled, importing %t; want none, the first %d, and no import",
				st.Counts.Open(), st.Counts.Phase(fallback.Cancelled), st.Importing, importChunk)
		}
		h.balanced()
	})
}

func TestAStartWaitsForEveryImport(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		refused := func(when string) {
			t.Helper()
			var wrong *WrongStateError
			if err := h.Start(ctx, "spring", "me"); !errors.As(err, &wrong) || !wrong.Importing {
				t.Errorf("start %s: %v, want that an import is running", when, err)
			}
		}
		h.load(&list{rows: people(1501).rows[1500:]}) // so that it is ready
		one := h.importSlowly("spring", people(1500))
		two := h.importSlowly("spring", others(1500))
		refused("while two imports go on")
		one.accepts(1500)
		refused("while one goes on")
		two.accepts(1500)
		must(t, h.Start(ctx, "spring", "me"))
		if st := h.status("spring"); !st.Sealed || st.State != Running || st.Counts.Open() != 3001 {
			t.Errorf("%s, sealed %t, %d open", st.State, st.Sealed, st.Counts.Open())
		}
	})
}

// A start while files come in seals nobody out. The end of the last import does, in
// whatever state the campaign is then.
func TestTheLastImportSealsWhatWasStartedEarly(t *testing.T) {
	for _, paused := range []bool{false, true} {
		t.Run(fmt.Sprintf("paused %t", paused), func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				ctx := t.Context()
				c := twoLegs("early")
				c.StartWhileImporting = true
				_, err := h.Create(ctx, c)
				must(t, err)
				_, err = h.Import(ctx, "early", &list{rows: people(1501).rows[1500:]}, Watcher{})
				must(t, err)
				one := h.importSlowly("early", people(1500))
				two := h.importSlowly("early", others(1500))
				must(t, h.Start(ctx, "early", "me"))
				want := Running
				if paused {
					want = Paused
					_, err := h.Pause(ctx, "early", "me", "")
					must(t, err)
				}
				stands := func(when string, sealed bool) {
					t.Helper()
					if st := h.status("early"); st.State != want || st.Sealed != sealed || st.Importing == sealed {
						t.Errorf("%s: %s, sealed %t, importing %t; want %s, sealed %t", when, st.State, st.Sealed, st.Importing, want, sealed)
					}
				}
				stands("with two imports", false)
				one.accepts(1500)
				stands("with one", false)
				two.accepts(1500)
				stands("after the last", true)
				late := &list{rows: others(1501).rows[1500:]}
				if report, err := h.Import(ctx, "early", late, Watcher{}); err != nil || report.Reasons[campaign.CampaignSealed] != 1 {
					t.Errorf("another row after that: %+v, %v; want that it is sealed", report, err)
				}
			})
		})
	}
}

func TestAStartMayBeRepeatedWhileTheSameFileComesAgain(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.load(people(1500))
		must(t, h.Start(t.Context(), "spring", "me"))
		again := h.importSlowly("spring", people(1500))
		if err := h.Start(t.Context(), "spring", "me"); err != nil {
			t.Errorf("start of a running campaign: %v", err)
		}
		if report, err := again.end(); err != nil || report.AlreadyThere != 1500 {
			t.Errorf("the same file again: %+v, %v", report, err)
		}
		if st := h.status("spring"); st.State != Running || !st.Sealed {
			t.Errorf("%s, sealed %t", st.State, st.Sealed)
		}
	})
}

// An import whose process died ends by itself.
func TestADeadImportHoldsAStartUpForAWhileOnly(t *testing.T) {
	mini, client := redistest.Mini(t)
	h := open(t, client)
	now := time.Now()
	mini.SetTime(now)
	h.load(people(1))
	_, err := h.importing(t.Context(), h.c.Number) // and it never says that it ended
	must(t, err)
	var wrong *WrongStateError
	if err := h.Start(t.Context(), "spring", "me"); !errors.As(err, &wrong) || !wrong.Importing {
		t.Errorf("start at once: %v, want that an import is running", err)
	}
	mini.SetTime(now.Add(importLease + time.Second))
	must(t, h.Start(t.Context(), "spring", "me"))
}

func TestParkedReceiptsAreGivenAsOftenAsTheyAreAskedFor(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		for _, kind := range []campaign.ReceiptKind{campaign.ReceiptSent, campaign.ReceiptDelivered} {
			_, _, err := h.FindOrPark(ctx, "a", campaign.Receipt{ProviderID: "wamid.1", Kind: kind})
			must(t, err)
		}
		a := h.message(0).Attempt(0, 0)
		for range 2 { // the first answer is lost on its way
			receipts, err := h.Enter(ctx, "a", "wamid.1", a)
			if err != nil || len(receipts) != 2 || receipts[0].Kind != campaign.ReceiptSent || receipts[1].Kind != campaign.ReceiptDelivered || receipts[1].Attempt != a {
				t.Errorf("enter gave %+v, %v; want both receipts, of attempt %s", receipts, err, a)
			}
		}
		if ttl := h.client.PTTL(ctx, keyParked("a", digest("wamid.1"))).Val(); ttl <= 0 || ttl > parkedFor {
			t.Errorf("what was parked is kept for %v, want at most %v", ttl, parkedFor)
		}
	})
}
