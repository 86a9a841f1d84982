package worker_test

import (
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/store/redistest"
)

const freeForm = `
campaign: spring
route:
  - {channel: whatsapp, account: a, wait: 30m, text: "Ciao {name}, come promesso"}
  - {channel: sms, account: a, wait: 1h, text: "Ciao {name}"}
`

func TestFreeFormGoesToWhoWroteOnly(t *testing.T) {
	_, client := redistest.Mini(t)
	s := fitted(t, client, fittings{campaign: freeForm})
	s.answer = always(provider.Outcome{Kind: provider.Accepted})
	ids := s.people(2)
	must(t, s.store.OpenWindow(t.Context(), "a", number(1), time.Now()))
	s.turn(ids...)
	s.until(ids[0], in(fallback.Waiting, 0))
	r := s.until(ids[1], in(fallback.Scheduled, 1))
	if len(r.History) != 1 || r.History[0].End != fallback.Refused || r.History[0].Reason != provider.ReasonWindowClosed {
		t.Errorf("the story of who never wrote is %+v, want refused for %s", r.History, provider.ReasonWindowClosed)
	}
	if n := s.connects(); n != 1 {
		t.Errorf("%d requests were begun, want 1", n)
	}
	if problems, err := s.store.Audit(t.Context(), s.campaign.Number); err != nil || len(problems) > 0 {
		t.Errorf("audit: %v %v", problems, err)
	}
}

// A template needs no window, and nothing is asked for it.
func TestATemplateAsksForNoWindow(t *testing.T) {
	_, client := redistest.Mini(t)
	var asked counter
	client.AddHook(commands{"exists", &asked})
	s := open(t, client, nil)
	s.answer = always(provider.Outcome{Kind: provider.Accepted})
	ids := s.people(3)
	before := asked.count()
	s.turn(ids...)
	s.untilAll(ids, fallback.Waiting)
	if n := asked.count() - before; n != 0 {
		t.Errorf("the window was asked for %d times", n)
	}
}
