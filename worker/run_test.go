package worker_test

import (
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/ratelimit"
	"github.com/seed-438792ba/cascade/store/redistest"
)

// codes explain a 400, of which a run speaks, and a person who is not there.
type codes struct{}

func (codes) Explain(reason string) (provider.Code, bool) {
	return provider.Explain(reason, provider.Answers{
		400: {Outcome: provider.Outcome{Kind: provider.Refused}, Meaning: "a field is wrong", Mend: "compare the leg with the template", Run: provider.Wrong},
	}.Explain, provider.ExplainMeta)
}

// A template that is wrong is wrong for everybody. Twenty people have gone to the next
// leg for it; the others stay.
func TestARunOfOneCodePausesTheLane(t *testing.T) {
	_, client := redistest.Mini(t)
	s := fitted(t, client, fittings{codes: codes{}})
	s.answer = always(provider.Outcome{Kind: provider.Refused, Reason: "http 400: template.body"})
	ids := s.people(60)
	s.turn(ids[:19]...)
	for _, id := range ids[:19] {
		s.until(id, in(fallback.Scheduled, 1))
	}
	if st := s.lane(); st.Cause != ratelimit.None {
		t.Fatalf("after nineteen the lane is %+v, want open", st.Obstacle)
	}
	s.turn(ids[19])
	s.until(ids[19], in(fallback.Scheduled, 1))
	st := s.lane()
	if st.Cause != ratelimit.Paused || st.By != "cascade" {
		t.Fatalf("after twenty the lane is %+v, want paused", st.Obstacle)
	}
	for _, words := range []string{"campaign spring", "20", "http 400: template.body", "compare the leg with the template"} {
		if !strings.Contains(st.Reason, words) {
			t.Errorf("the reason %q does not say %q", st.Reason, words)
		}
	}
	s.turn(ids[20:]...)
	for _, id := range ids[20:] {
		s.until(id, in(fallback.Scheduled, 0))
	}
	if n := s.requests(); n != 20 {
		t.Errorf("%d requests, want 20: the rest waits", n)
	}
}

func TestPeopleWhoAreNotThereStopNobodyElse(t *testing.T) {
	_, client := redistest.Mini(t)
	s := fitted(t, client, fittings{codes: codes{}})
	s.answer = always(provider.Outcome{Kind: provider.Refused, Reason: "meta 131026: cannot be delivered to this person"})
	ids := s.people(40)
	s.turn(ids...)
	for _, id := range ids {
		s.until(id, in(fallback.Scheduled, 1))
	}
	if st := s.lane(); st.Cause == ratelimit.Paused {
		t.Errorf("the lane is paused: %s", st.Reason)
	}
}
