package worker_test

import (
	"encoding/json"
	"testing"

	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/store/redistest"
)

func TestAThrottleThatIsChangedHoldsFromTheNextSendOn(t *testing.T) {
	_, client := redistest.Mini(t)
	s := open(t, client, nil)
	s.answer = always(provider.Outcome{Kind: provider.Accepted})
	ids := s.people(3)
	_, err := s.store.Patch(t.Context(), "spring", map[string]json.RawMessage{"throttle": json.RawMessage(`["1/1h"]`)})
	must(t, err)
	s.turn(ids...)
	s.untilIdle()
	if n := s.requests(); n > 1 { // none, if the machine let the one slot go by
		t.Errorf("%d requests in an hour that allows 1", n)
	}
	back := 0
	records, err := s.store.Load(t.Context(), ids)
	must(t, err)
	for i := range records {
		if records[i].State.Phase == fallback.Scheduled {
			back++
		}
	}
	if back < 2 {
		t.Errorf("%d messages went back to their line, want at least 2", back)
	}
}
