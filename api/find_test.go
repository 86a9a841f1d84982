package api_test

import (
	"fmt"
	"testing"

	"github.com/seed-438792ba/cascade/api"
)

func TestAPersonsMessagesAreFoundOverAllCampaigns(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(2)
	h.waitOn(h.message(0), 1)
	h.standing()
	h.messages(fmt.Sprintf(`{"messages": [%s, %s, %s]}`, order(0, "a"), order(0, "b"), order(1, "c")), 200)
	find := func(token, number string) (found api.FoundMessages) {
		body := fmt.Sprintf(`{"destination": %q, "region": "it"}`, number)
		h.want("find", h.do("POST", "/v1/messages/find", token, jsonType, body), 200).into(t, &found)
		return found
	}
	found := find(operator, person(0).E164()[3:])
	at := map[string]string{}
	for _, m := range found.Messages {
		at[m.Campaign+" "+m.Key] = m.Phase
		if m.Destination != person(0).Masked() {
			t.Errorf("an operator is shown %s", m.Destination)
		}
		var story api.Story
		h.want("its story", h.get(m.Story, viewer), 200).into(t, &story)
		if story.Message != m.Message {
			t.Errorf("%s tells of %s, want %s", m.Story, story.Message, m.Message)
		}
	}
	if len(at) != 3 || at["spring "] != "waiting" || at["orders a"] != "scheduled" || at["orders b"] != "scheduled" {
		t.Errorf("found %v", at)
	}
	if got := find(admin, person(1).E164()); len(got.Messages) != 2 || got.Messages[0].Destination != person(1).E164() {
		t.Errorf("an admin found %+v", got)
	}
	if got := find(admin, person(7).E164()); got.Messages == nil || len(got.Messages) != 0 {
		t.Errorf("of somebody unknown: %+v, want an empty list", got)
	}
	h.want("no number", h.do("POST", "/v1/messages/find", admin, jsonType, `{"destination": "x"}`), 422)
}
