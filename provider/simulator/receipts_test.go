package simulator

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

const millisecond = campaign.Duration(time.Millisecond)

func TestAReceiverThatWasAwayLosesNothing(t *testing.T) {
	t.Parallel()
	w := start(t, Options{Scenario: Scenario{Receipts: Receipts{Backoff: millisecond}}})
	w.receiver.answer = func(n int) (int, string) { return []int{503, 404, 302, 200}[min(n, 4)-1], "" }
	w.send(wa, number("7777"), "m-1")
	w.drain()
	var statuses []uint16
	for _, c := range w.log()[0].Callbacks {
		statuses = append(statuses, c.Status)
	}
	if want := []uint16{503, 404, 302, 200}; !slices.Equal(statuses, want) {
		t.Errorf("tries were answered %v, want %v", statuses, want)
	}
	bodies := w.receiver.all()
	if string(bodies[0].Body) != string(bodies[3].Body) {
		t.Errorf("the tries differ:\n%v\n%v", bodies[0], bodies[3])
	}
	if st := w.sim.Stats().Callbacks; st.Answered != 1 || st.Failed != 3 || st.Abandoned != 0 {
		t.Errorf("counted %+v, want 1 answered and 3 failed", st)
	}
}

func TestReceiptsAreGivenUpInTheEnd(t *testing.T) {
	t.Parallel()
	w := start(t, Options{Scenario: Scenario{Receipts: Receipts{Tries: 3, Backoff: millisecond}}})
	w.receiver.answer = func(int) (int, string) { return 500, "" }
	w.send(wa, number("0014"), "m-1")
	w.drain()
	if st := w.sim.Stats(); st.Callbacks.Abandoned != 2 || st.Callbacks.Failed != 6 || st.Pending != 0 {
		t.Errorf("%+v, want 2 abandoned after 6 tries", st.Callbacks)
	}
}

func TestAReceiverThatCannotBeReached(t *testing.T) {
	t.Parallel()
	w := start(t, Options{Scenario: Scenario{Receipts: Receipts{Tries: 2, Backoff: millisecond}}})
	w.sim.SetCallbacks("http://127.0.0.1:1/nobody")
	w.send(wa, number("7777"), "m-1")
	w.drain()
	if c := w.log()[0].Callbacks; len(c) != 2 || c[0].Status != 0 {
		t.Errorf("tries %+v, want two without an answer", c)
	}
}

func TestNowhereToPost(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	w.sim.SetCallbacks("")
	w.send(wa, number("7777"), "m-1")
	w.drain()
	if st := w.sim.Stats().Callbacks; st.Nowhere != 1 || st.Failed != 0 {
		t.Errorf("%+v, want one receipt that had nowhere to go", st)
	}
}

func TestAnAccountMayHaveItsOwnAddress(t *testing.T) {
	t.Parallel()
	elsewhere := start(t, Options{})
	w := start(t, Options{Accounts: map[string]Account{
		"key":   {Name: "a"},
		"other": {Name: "b", Callbacks: elsewhere.url + "/callbacks/b"},
	}, Scenario: Scenario{Receipts: Receipts{Tries: 1}}})
	w.send(wa, number("7777"), "m-1")
	w.must("POST", path(wa), order(wa, number("7777"), "m-2"), func(r *http.Request) { r.Header.Set("X-Api-Key", "other") })
	w.drain()
	if got := w.heard(); len(got) != 1 {
		t.Errorf("the common address heard %q, want one receipt", got)
	}
	if got := elsewhere.sim.Stats().Strayed; got != 1 {
		t.Errorf("the account's own address heard %d, want 1", got)
	}
}

func TestLossAndDoubling(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		r    Receipts
		want int
	}{
		"lost":    {Receipts{Lost: 1}, 0},
		"doubled": {Receipts{Doubled: 1}, 2},
	} {
		w := start(t, Options{Scenario: Scenario{Receipts: c.r}})
		w.send(sms, number("7777"), "m-1")
		w.send(sms, number("0013"), "m-2") // a magic number is not left to chance
		w.drain()
		if got := len(w.heard()); got != c.want+1 {
			t.Errorf("%s: heard %d receipts, want %d and the magic number's", name, got, c.want)
		}
		a := w.must("GET", "/partner-gateway/v1/messages/status/m-1?channel=SMS", nil)
		if a.JSON["deliveryStatus"] != "DELIVERED" {
			t.Errorf("%s: asked, it says %v, want the truth", name, a.JSON)
		}
	}
}

func TestTheSameMessageTwiceReachesThePersonTwice(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	for range 2 {
		if a := w.send(sms, number("7777"), "m-1"); !a.accepted(sms) {
			t.Fatalf("answered %v", a.JSON)
		}
	}
	w.drain()
	wantAnswers(t, w, "taken_as_new", "duplicate")
	if got := len(w.heard()); got != 2 {
		t.Errorf("heard %d receipts, want 2", got)
	}
}

// run sends the same people in the given order, several at once, and tells what
// became of each.
func run(t *testing.T, seed uint64, ids []string) map[string]string {
	sc := DefaultScenario()
	sc.Latency, sc.Receipts.Delay = Span{}, Span{Max: 3 * millisecond}
	sc.Throttled, sc.Receipts.Lost, sc.Receipts.Doubled = 0.1, 0.1, 0.1
	w := start(t, Options{Seed: seed, Scenario: sc})
	var mu sync.Mutex
	became := map[string]string{}
	var wg sync.WaitGroup
	for part := range slices.Chunk(ids, len(ids)/8) {
		wg.Go(func() {
			for _, id := range part {
				a, err := w.do("POST", path(wa), order(wa, number("7777"), id))
				mu.Lock()
				became[id] = fmt.Sprint(a.Status, a.accepted(wa), err)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	w.drain()
	for _, c := range w.receiver.all() {
		became[c.JSON["messageId"].(string)] += " " + c.short()
	}
	return became
}

func TestTheSeedDecidesWhateverTheOrder(t *testing.T) {
	t.Parallel()
	var ids []string
	for i := range 400 {
		ids = append(ids, fmt.Sprintf("m-%d", i))
	}
	first := run(t, 7, ids)
	slices.Reverse(ids)
	again, other := run(t, 7, ids), run(t, 8, ids)
	different, kinds := 0, map[string]bool{}
	for id, what := range first {
		kinds[what] = true
		if again[id] != what {
			t.Errorf("%s: %q, and in another order %q", id, what, again[id])
		}
		if other[id] != what {
			different++
		}
	}
	if different < 50 || len(kinds) < 6 {
		t.Errorf("another seed changed %d of %d, and there were %d kinds of stories: chance plays no part", different, len(ids), len(kinds))
	}
}

func TestRollsAreEven(t *testing.T) {
	t.Parallel()
	var tens [10]int
	for i := range 20000 {
		tens[int(newDice(1, fmt.Sprint("m-", i)).roll("outcome", 0)*10)]++
	}
	for i, n := range tens {
		if n < 1800 || n > 2200 {
			t.Errorf("%d of 20000 rolls fell into tenth %d, want about 2000", n, i)
		}
	}
}

func TestRunEndsWithReceiptsStillToCome(t *testing.T) {
	t.Parallel()
	sim, err := New(Options{Scenario: delayed(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	sim.postman.promise()
	sim.postman.put(&round{begin: time.Now().Add(time.Hour), news: []news{{}}})
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := sim.Run(ctx); err != nil {
		t.Errorf("Run: %v", err)
	}
	if err := sim.Drain(ctx); err == nil || sim.Pending() != 1 {
		t.Errorf("Drain: %v with %d pending, want an error and 1", err, sim.Pending())
	}
}
