package store

import (
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/fallback"
)

// TestASpreadCampaignsRecordsHaveTheirTimes imports the same people twice, in another
// order the second time, and reads when each is due.
func TestASpreadCampaignsRecordsHaveTheirTimes(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := twoLegs("slowly")
		c.Start, c.Spread = time.Now().Add(time.Hour).Truncate(time.Second).UTC(), 10*time.Hour
		var err error
		h.c, err = h.Create(t.Context(), c)
		must(t, err)
		const n = 200
		rows := people(n)
		own := c.Start.Add(48 * time.Hour)
		rows.rows[7].Due = own
		h.load(rows)
		before := make([]fallback.Record, n)
		for i := range n {
			before[i] = h.record(i)
		}
		again := people(n)
		again.rows[7].Due = own
		for i := range n / 2 {
			again.rows[i], again.rows[n-1-i] = again.rows[n-1-i], again.rows[i]
		}
		if report := h.load(again); report.AlreadyThere != n {
			t.Errorf("the same people again: %+v", report)
		}
		parts := map[time.Duration]int{}
		for i := range n {
			r := h.record(i)
			want := h.c.StartOf(r.ID, r.To)
			if i == 7 {
				want = own
			} else {
				parts[r.Time.Sub(c.Start)/(2*time.Hour)]++
			}
			if !r.Due.Equal(want) || !r.Time.Equal(want) || !before[i].Due.Equal(want) {
				t.Errorf("message %d is of %s and due at %s, before at %s, want %s", i, r.Time, r.Due, before[i].Due, want)
			}
		}
		for part := range time.Duration(5) {
			if parts[part] < n/10 {
				t.Errorf("few people are due in some part of the spread: %v", parts)
			}
		}
	})
}
