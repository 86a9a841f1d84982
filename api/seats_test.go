package api_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/store"
)

// gate holds whoever comes, once it is shut.
type gate struct {
	shut   bool
	came   chan struct{} // by each who stands at it
	opened chan struct{}
}

func newGate() *gate {
	return &gate{came: make(chan struct{}, 16), opened: make(chan struct{})}
}

func (g *gate) pass() {
	if g.shut {
		g.came <- struct{}{}
		<-g.opened
	}
}

// gatedRegister and gatedDrafts hold whoever reads a campaign's people.
type gatedRegister struct {
	register
	gate *gate
}

func (g gatedRegister) Each(ctx context.Context, n campaign.Number, f func(*fallback.Record) error) error {
	g.gate.pass()
	return g.register.Each(ctx, n, f)
}

// What stands before the seats is done also for who is gone, so that the seats decide.
func (g gatedRegister) Status(ctx context.Context, id string) (api.Status, error) {
	return g.register.Status(context.WithoutCancel(ctx), id)
}

type gatedDrafts struct {
	*store.Store
	gate *gate
}

func (g gatedDrafts) DraftFile(ctx context.Context, d campaign.Draft) io.Reader {
	return io.MultiReader(passing{g.gate}, g.Store.DraftFile(ctx, d))
}

func (g gatedDrafts) Draft(ctx context.Context, id string) (campaign.Draft, error) {
	return g.Store.Draft(context.WithoutCancel(ctx), id)
}

func (g gatedDrafts) ChangeDraft(ctx context.Context, d campaign.Draft) error {
	return g.Store.ChangeDraft(context.WithoutCancel(ctx), d)
}

type passing struct{ gate *gate }

func (p passing) Read([]byte) (int, error) { p.gate.pass(); return 0, io.EOF }

// What remembers every person is done for two callers at a time; others wait, and may go.
func TestTwoAtATimeRememberPeople(t *testing.T) {
	t.Parallel()
	exports, checks := newGate(), newGate()
	h := open(t, func(o *api.Options) {
		o.Campaigns, o.Drafts = gatedRegister{o.Campaigns.(register), exports}, gatedDrafts{o.Drafts.(*store.Store), checks}
	})
	h.running(2)
	var d campaign.Draft
	h.want("create", h.do("POST", "/v1/drafts", operator, "application/yaml", primavera), 201).into(t, &d)
	at := "/v1/drafts/" + d.ID
	h.want("upload", h.do("POST", at+"/recipients", operator, "text/csv", "destination;nome;codice sconto\n3471000001;Ada;P1\n"), 200)
	exports.shut, checks.shut = true, true
	call := func(ctx context.Context, method, path, body string) int {
		r := httptest.NewRequestWithContext(ctx, method, path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+operator)
		r.Header.Set("Content-Type", "application/yaml")
		w := httptest.NewRecorder()
		h.api.Handler().ServeHTTP(w, r)
		return w.Code
	}
	rejects := at + "/rejects"
	for _, test := range []struct {
		gate                     *gate
		busy, method, path, body string
	}{
		{exports, "/v1/campaigns/spring/export", "GET", "/v1/campaigns/spring/export", ""},
		{checks, rejects, "GET", rejects, ""},
		{checks, rejects, "POST", at, primavera},
	} {
		test.gate.opened = make(chan struct{})
		var busy sync.WaitGroup
		for range 2 {
			busy.Go(func() {
				if code := call(t.Context(), "GET", test.busy, ""); code != http.StatusOK {
					t.Errorf("one of two: %d", code)
				}
			})
		}
		for range 2 {
			<-test.gate.came
		}
		gone, leave := context.WithCancel(t.Context())
		leave()
		third := make(chan int, 1)
		go func() { third <- call(gone, test.method, test.path, test.body) }()
		select {
		case <-test.gate.came:
			t.Errorf("%s %s: a third is at it", test.method, test.path)
		case code := <-third:
			if code != http.StatusServiceUnavailable {
				t.Errorf("%s %s: a third who is gone is answered %d", test.method, test.path, code)
			}
		}
		close(test.gate.opened)
		busy.Wait()
	}
}

// An answer that nobody takes is given up.
func TestAnAnswerHasADeadlineThatMovesOn(t *testing.T) {
	t.Parallel()
	into := deadlined{ResponseRecorder: httptest.NewRecorder()}
	w := api.Steady(&into)
	for range 3 {
		_, _ = w.Write([]byte("x"))
	}
	if into.Body.String() != "xxx" || into.set != 1 {
		t.Errorf("wrote %q, and set a deadline %d times, want once", into.Body, into.set)
	}
}

// deadlined counts how often it is given a time until which it may be written to.
type deadlined struct {
	*httptest.ResponseRecorder
	set int
}

func (d *deadlined) SetWriteDeadline(until time.Time) error {
	if time.Until(until) > 0 {
		d.set++
	}
	return nil
}
