package store

import (
	"errors"
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/store/redistest"
)

// browse looks at a campaign's records, so many at a time.
func (h *house) browse(atOnce int) (seen map[campaign.MessageID]int, pages int) {
	h.t.Helper()
	seen = map[campaign.MessageID]int{}
	for from := ""; ; {
		n := 0
		next, err := h.Browse(h.t.Context(), h.c.Number, from, func(r *fallback.Record) bool {
			seen[r.ID]++
			n++
			return n < atOnce
		})
		if err != nil {
			h.t.Fatal(err)
		}
		if pages++; n > atOnce {
			h.t.Errorf("%d records after %d were enough", n, atOnce)
		}
		if from = next; from == "" {
			return seen, pages
		}
	}
}

func TestEveryRecordIsOnAPage(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		const all = 2000
		h.load(people(all))
		for atOnce, most := range map[int]int{7: all/7 + 20, 1000: 20, 5000: 1} {
			seen, pages := h.browse(atOnce)
			for id, times := range seen {
				if times != 1 {
					t.Errorf("%d at once: %s was seen %d times", atOnce, id, times)
				}
			}
			if len(seen) != all || pages > most {
				t.Errorf("%d at once: %d of %d were seen on %d pages", atOnce, len(seen), all, pages)
			}
		}
		for _, from := range []string{"x", "0.0", "0.0.x", "-1.0.0", "0.0.-1"} {
			if _, err := h.Browse(t.Context(), h.c.Number, from, func(*fallback.Record) bool { return true }); !errors.Is(err, ErrNoPlace) {
				t.Errorf("from %q: %v, want ErrNoPlace", from, err)
			}
		}
	})
}

func TestEveryRecordOfAClusterIsOnAPage(t *testing.T) {
	t.Parallel()
	h := open(t, redistest.Cluster(t).Client(t))
	h.load(people(500))
	if seen, _ := h.browse(30); len(seen) != 500 {
		t.Errorf("%d of 500 were seen", len(seen))
	}
	all, err := h.Statuses(t.Context(), []string{"spring", "none"})
	if err != nil || len(all) != 1 || all[0].Summary().Accepted != 500 {
		t.Errorf("the statuses are %+v, %v", all, err)
	}
}

func TestIDsAreThoseOfTheRegister(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		other, err := New(t.Context(), Options{Client: h.client})
		must(t, err)
		_, err = other.Create(t.Context(), twoLegs("autumn"))
		must(t, err)
		for range 2 { // the first time a definition is new to this process
			ids, err := h.IDs(t.Context())
			if err != nil || len(ids) != 2 || ids[0] != "autumn" || ids[1] != "spring" {
				t.Errorf("the ids are %v, %v", ids, err)
			}
		}
	})
}
