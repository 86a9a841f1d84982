package store

import (
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/fallback"
)

// Who is due at the same time goes in the file's order, a thousand or so at a time, and
// not in that of the ids.
func TestThoseDueTogetherStandInTheFilesOrder(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		file := people(2500)
		due := time.Now().Add(-time.Minute)
		for i := range file.rows {
			file.rows[i].Due = due
		}
		if report := h.load(file); report.Accepted != len(file.rows) {
			t.Fatalf("accepted %+v", report)
		}
		records, err := h.Due(t.Context(), fallback.Head{Campaign: h.c.Number, Lane: h.c.Route[0].Lane()}, len(file.rows))
		must(t, err)
		if len(records) != len(file.rows) {
			t.Fatalf("%d of %d are due", len(records), len(file.rows))
		}
		step := func(i int) uint32 { return records[i].Row.Line / 1024 }
		for i := 1; i < len(records); i++ {
			if step(i) < step(i-1) {
				t.Fatalf("line %d of the file stands behind line %d", records[i].Row.Line, records[i-1].Row.Line)
			}
		}
	})
}
