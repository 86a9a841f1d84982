package store

import (
	"errors"
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

func TestThoseReachedByAnotherCampaignAreLeftOut(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		h.load(people(3))
		for i, kind := range []fallback.EventKind{fallback.OnDelivered, fallback.OnTooLate} {
			h.tell(i, kind)
		}
		again := twoLegs("again")
		again.ExcludeReached = []string{"sprnig"}
		if _, err := h.Create(ctx, again); !errors.Is(err, ErrExcludesNobody) {
			t.Errorf("a campaign that names an unknown one: %v", err)
		}
		again.ExcludeReached = []string{"spring"}
		_, err := h.Create(ctx, again)
		must(t, err)
		report, err := h.Import(ctx, "again", people(3), Watcher{})
		must(t, err)
		if report.Accepted != 2 || report.Reasons[campaign.ReachedPerson] != 1 {
			t.Errorf("imported: %+v, want one left out", report)
		}
		h.tell(2, fallback.OnDelivered) // meanwhile
		reached, err := h.Reached(ctx, again.ExcludeReached, "+393400000000", "+393400000001", "+393400000002")
		if err != nil || !reached[0] || reached[1] || !reached[2] {
			t.Errorf("reached: %v, %v; want the first and the third", reached, err)
		}
		if report, err = h.Import(ctx, "again", people(3), Watcher{}); err != nil || report.AlreadyThere != 2 {
			t.Errorf("imported again: %+v, %v", report, err)
		}
	})
}
