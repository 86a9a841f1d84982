package api_test

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/api"
)

// keyed makes a call with an Idempotency-Key.
func (h *house) keyed(path, token, key, contentType, body string) answer {
	h.t.Helper()
	r, err := http.NewRequest("POST", h.url+path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Idempotency-Key", key)
	r.Header.Set("Content-Type", contentType)
	return h.send(r)
}

func TestEqualCallsAtTheSameTimeAreOne(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.standing()
	body := `{"messages": [` + order(1, "a") + "," + order(2, "b") + `]}`
	answers := make([]answer, 5)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = h.keyed("/v1/messages", operator, "k-1", "application/json", body) })
	}
	all.Wait()
	for i, got := range answers {
		var a api.MessagesAnswer
		h.want("an equal call", got, 200).into(t, &a)
		if a.Accepted != 2 || got.body != answers[0].body || got.header.Get("Content-Type") != "application/json" {
			t.Errorf("answer %d is %s, the first %s", i, got.body, answers[0].body)
		}
	}
	if n := h.summary("orders").Accepted; n != 2 {
		t.Errorf("%d messages, want 2", n)
	}
}

func TestAKeyBelongsToOneCall(t *testing.T) {
	t.Parallel()
	h := open(t)
	first := h.want("create", h.keyed("/v1/campaigns", operator, "k", "application/yaml", ordersFile), 201)
	again := h.want("again", h.keyed("/v1/campaigns", operator, "k", "application/yaml", ordersFile), 201)
	if again.body != first.body || again.header.Get("Location") != "/v1/campaigns/orders" {
		t.Errorf("again: %s at %q, first %s", again.body, again.header.Get("Location"), first.body)
	}
	var p api.Problem
	h.want("another body", h.keyed("/v1/campaigns", operator, "k", "application/yaml", spring), 422).into(t, &p)
	if p.Type != "urn:cascade:problem:idempotency-key-reused" {
		t.Errorf("another body: %+v", p)
	}
	h.want("another path", h.keyed("/v1/campaigns/orders/start", operator, "k", "", ""), 422)
	h.want("of somebody else", h.keyed("/v1/campaigns", admin, "k", "application/yaml", spring), 201)
	h.want("a key too long", h.keyed("/v1/campaigns", admin, strings.Repeat("k", 256), "application/yaml", spring), 400)
	h.redis.FastForward(25 * time.Hour)
	h.want("a day later", h.keyed("/v1/campaigns", operator, "k", "application/yaml", ordersFile), 200)
	for _, key := range h.redis.Keys() {
		if strings.Contains(key, "repeat:") {
			kept, _ := h.redis.HKeys(key)
			if body := h.redis.HGet(key, "body"); len(body) != 32 || !slices.Equal(kept, []string{"answer", "body", "holder"}) {
				t.Errorf("%s keeps %q, of the body %d bytes", key, kept, len(body))
			}
		}
	}
}

func TestWhatFailedMayBeTriedAgain(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.want("create", h.do("POST", "/v1/campaigns", operator, "application/yaml", spring), 201)
	h.want("too early", h.keyed("/v1/campaigns/spring/start", operator, "s", "", ""), 409)
	h.want("import", h.keyed("/v1/campaigns/spring/recipients", operator, "i", "text/csv", people(1)), 200)
	h.want("import more under the same key", h.keyed("/v1/campaigns/spring/recipients", operator, "i", "text/csv", people(2)), 200)
	first := h.want("start", h.keyed("/v1/campaigns/spring/start", operator, "s", "", ""), 200)
	h.want("cancel", h.post("/v1/campaigns/spring/cancel", operator, ""), 200)
	if got := h.want("start again", h.keyed("/v1/campaigns/spring/start", operator, "s", "", ""), 200); got.body != first.body {
		t.Errorf("start again: %s", got.body)
	}
	if got := h.summary("spring").State; got != "cancelled" {
		t.Errorf("a repeated start left the campaign %s", got)
	}
}

// Whoever holds a call and dies holds it for a while only.
func TestADeadCallIsTakenOver(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.standing()
	var body [32]byte
	if act, _, _, err := h.Begin(t.Context(), "call", body, "dead"); !act || err != nil {
		t.Fatal(act, err)
	}
	if act, same, answer, err := h.Begin(t.Context(), "call", body, "next"); act || !same || answer != nil || err != nil {
		t.Errorf("while it is held: %v %v %q %v", act, same, answer, err)
	}
	h.redis.FastForward(31 * time.Second)
	if act, _, _, err := h.Begin(t.Context(), "call", body, "next"); !act || err != nil {
		t.Errorf("after the lease: %v %v", act, err)
	}
	if err := h.End(t.Context(), "call", "dead", []byte("late")); err != nil {
		t.Error(err)
	}
	if _, _, answer, _ := h.Begin(t.Context(), "call", body, "third"); answer != nil {
		t.Errorf("the dead one's answer is kept: %q", answer)
	}
}
