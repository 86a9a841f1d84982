package store

import (
	"fmt"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// wait moves the store's clock on and tidies.
func (h *house) wait(d time.Duration) {
	h.t.Helper()
	before := h.now()
	h.now = func() time.Time { return before.Add(d) }
	must(h.t, h.Tidy(h.t.Context()))
}

func (h *house) count(c *Campaign, p fallback.Phase) int {
	h.t.Helper()
	counts, _, err := h.Counts(h.t.Context(), c.Number)
	must(h.t, err)
	return counts.Phase(p)
}

func TestClosedMessagesAreForgottenAfterTheRetention(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		c, err := h.Create(ctx, orders()) // its retention is thirty days
		must(t, err)
		const many = 2 * tidyPage
		list := make([]campaign.Message, many)
		for i := range list {
			list[i] = campaign.Message{Campaign: "orders", Destination: fmt.Sprintf("+39340%07d", i), Key: "k"}
		}
		_, err = h.Add(ctx, list)
		must(t, err)
		var closing []fallback.Order
		for i := range list[:many-1] {
			id := h.idKey.Message("orders", campaign.Destination(list[i].Destination), "k")
			closing = append(closing, fallback.Order{ID: id, Event: fallback.Event{Kind: fallback.OnCancel}})
		}
		_, err = h.door.Advance(ctx, time.Now(), closing...)
		must(t, err)
		h.wait(0)
		h.wait(c.Retention - time.Hour)
		if n := h.count(c, fallback.Cancelled); n != many-1 {
			t.Errorf("an hour before the retention ends %d are there, want %d", n, many-1)
		}
		h.wait(2 * time.Hour)
		if closed, open := h.count(c, fallback.Cancelled), h.count(c, fallback.Scheduled); closed != 0 || open != 1 {
			t.Errorf("after it %d closed and %d open ones are there, want none and 1", closed, open)
		}
		problems, err := h.Audit(ctx, c.Number)
		if err != nil || len(problems) > 0 {
			t.Errorf("the books do not balance: %v %v", problems, err)
		}
		for _, i := range []int{0, many - 1} {
			ids, err := h.MessagesTo(ctx, campaign.Destination(list[i].Destination))
			must(t, err)
			if want := map[int]int{0: 1, many - 1: 2}[i]; len(ids) != want { // one is that of the campaign spring
				t.Errorf("person %d has %d messages by the index, want %d", i, len(ids), want)
			}
		}
	})
}

func TestVariablesAreDroppedWhenNothingCanBeRetried(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.load(people(2))
		must(t, h.Start(t.Context(), "spring", "me"))
		h.tell(0, fallback.OnTooLate) // it expires
		h.wait(0)
		h.wait(h.c.RetryWithin - time.Hour)
		if got := h.record(0); got.State.Phase != fallback.Expired || len(got.Variables) != 1 {
			t.Fatalf("an hour before: %s with %d variables", got.State, len(got.Variables))
		}
		h.wait(2 * time.Hour)
		if got := h.record(0); got.State.Phase != fallback.Expired || len(got.Variables) != 0 {
			t.Errorf("after it: %s with %d variables, want none", got.State, len(got.Variables))
		}
		if got := h.record(1); len(got.Variables) != 1 {
			t.Errorf("an open message has %d variables, want 1", len(got.Variables))
		}
		h.balanced()
	})
}
