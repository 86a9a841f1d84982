package store

import (
	"fmt"
	"slices"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// A process that cancels may die before it has asked for the messages to be closed.
func TestASweepFindsWhatACancelLeftOpen(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		h.load(people(10))
		must(t, h.Start(ctx, "spring", "me"))
		_, err := h.Cancel(ctx, "spring", "me", "wrong text")
		must(t, err)
		must(t, h.client.Del(ctx, keyCancelling).Err()) // as if it had died there
		must(t, h.Sweep(ctx))
		if numbers, err := h.Cancelling(ctx); err != nil || !slices.Equal(numbers, []campaign.Number{h.c.Number}) {
			t.Fatalf("after a sweep %v are to be closed, %v; want the cancelled one", numbers, err)
		}
		h.closeCancelled()
		if st := h.status("spring"); st.Counts.Open() != 0 || st.Counts.Phase(fallback.Cancelled) != 10 {
			t.Errorf("%d open, %d cancelled, want 0 and 10", st.Counts.Open(), st.Counts.Phase(fallback.Cancelled))
		}
		must(t, h.Sweep(ctx))
		if numbers, err := h.Cancelling(ctx); err != nil || len(numbers) != 0 {
			t.Errorf("with nothing open %v are to be closed, %v; want none", numbers, err)
		}
		h.balanced()
	})
}

// lines is the heads of the campaign's first lane.
func (h *house) lines() []fallback.Head {
	h.t.Helper()
	_, lines, _, err := h.Heads(h.t.Context(), []campaign.Lane{h.c.Route[0].Lane()})
	must(h.t, err)
	return lines[0]
}

func TestLinesOfARestingCampaignComeBackWithIt(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		h.load(people(3))
		must(t, h.Rest(ctx, h.lines()))
		if got := h.lines(); len(got) != 0 {
			t.Errorf("before the start the index has %v, want nothing", got)
		}
		must(t, h.Start(ctx, "spring", "me"))
		if got := h.lines(); len(got) != 1 {
			t.Errorf("after the start the index has %v, want its line", got)
		}
		_, err := h.Pause(ctx, "spring", "me", "lunch")
		must(t, err)
		seen := h.lines() // by a scheduler that was told that it is paused
		must(t, h.Resume(ctx, "spring", "me"))
		must(t, h.Rest(ctx, seen))
		if got := h.lines(); len(got) != 1 {
			t.Errorf("resumed while its line was taken out: the index has %v, want its line", got)
		}
	})
}

// However many campaigns rest on a lane, the one that runs is seen.
func TestRestingCampaignsHideNobody(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		resting := make([]redis.Z, 2500)
		for i := range resting {
			resting[i] = redis.Z{Score: 1, Member: fmt.Sprintf("%010x.0:0", 1000+i)}
		}
		must(t, h.client.ZAdd(ctx, indexLine(h.c.Route[0].Lane()), resting...).Err())
		h.load(people(3))
		must(t, h.Start(ctx, "spring", "me"))
		for range 3 { // rounds
			heads := h.lines()
			others := slices.DeleteFunc(slices.Clone(heads), func(x fallback.Head) bool { return x.Campaign == h.c.Number })
			if len(others) < len(heads) {
				return
			}
			must(t, h.Rest(ctx, others))
		}
		t.Error("in three rounds the running campaign was not among the heads")
	})
}
