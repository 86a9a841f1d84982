package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/store/redistest"
)

// everything is all that Redis holds: every key, and every part of its value.
func everything(t testing.TB, client redis.UniversalClient) (all []string) {
	t.Helper()
	ctx := t.Context()
	keys, err := client.Keys(ctx, "*").Result()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		all = append(all, key)
		switch kind := client.Type(ctx, key).Val(); kind {
		case "string":
			all = append(all, client.Get(ctx, key).Val())
		case "list":
			all = append(all, client.LRange(ctx, key, 0, -1).Val()...)
		case "set":
			all = append(all, client.SMembers(ctx, key).Val()...)
		case "zset":
			all = append(all, client.ZRange(ctx, key, 0, -1).Val()...)
		case "hash":
			for field, value := range client.HGetAll(ctx, key).Val() {
				all = append(all, field, value)
			}
		case "stream":
			for _, entry := range client.XRange(ctx, key, "-", "+").Val() {
				all = append(all, fmt.Sprint(entry.Values))
			}
		default:
			t.Fatalf("%s is a %s, which this test does not read", key, kind)
		}
	}
	return all
}

// packed is a number as a record holds it: two digits to a byte.
func packed(digits string) string {
	var b []byte
	for i := 0; i+1 < len(digits); i += 2 {
		b = append(b, (digits[i]-'0')<<4|(digits[i+1]-'0'))
	}
	return string(b)
}

// kept are those of a person's traces that Redis holds.
func kept(t testing.TB, client redis.UniversalClient, traces map[string]string) (found []string) {
	t.Helper()
	all := everything(t, redistest.Admin(t, client))
	for what, trace := range traces {
		if slices.ContainsFunc(all, func(s string) bool { return strings.Contains(s, trace) }) {
			found = append(found, what)
		}
	}
	slices.Sort(found)
	return found
}

func TestNothingIsLeftOfWhoIsErased(t *testing.T) {
	t.Parallel()
	redistest.Each(t, func(t *testing.T, client redis.UniversalClient) {
		ctx := t.Context()
		h := openOn(t, client)
		h.want("create", h.do("POST", "/v1/campaigns", operator, "application/yaml", spring), 201)
		h.standing()
		theirs, others := h.leaveTraces(0, "Zebedee"), h.leaveTraces(5, "Hortensia")
		for i, traces := range []map[string]string{theirs, others} {
			if got := kept(t, client, traces); len(got) != len(traces) {
				t.Fatalf("before, of person %d only %v is kept", i, got)
			}
		}
		h.want("as an operator", h.do("POST", "/v1/people/erase", operator, jsonType, `{}`), 403)
		body := fmt.Sprintf(`{"destination": %q, "reason": "request 17"}`, person(0).E164())
		h.want("without a reason", h.do("POST", "/v1/people/erase", admin, jsonType, fmt.Sprintf(`{"destination": %q}`, person(0).E164())), 422)
		var got api.EraseAnswer
		h.want("erase", h.do("POST", "/v1/people/erase", admin, jsonType, body), 200).into(t, &got)
		if want := (api.EraseAnswer{Messages: 2, Ended: 1, Rows: 1, Callbacks: 1}); got != want {
			t.Errorf("erased %+v, want %+v", got, want)
		}
		if left := kept(t, client, theirs); len(left) > 0 {
			t.Errorf("afterwards Redis holds %v", left)
		}
		if left := kept(t, client, others); len(left) != len(others) {
			t.Errorf("of somebody else only %v is left", left)
		}
		if !h.suppressed(0)[0] || h.suppressed(5)[0] {
			t.Errorf("suppressed: %v %v, want the erased one only", h.suppressed(0), h.suppressed(5))
		}
		h.lateNews(h.message(0), theirs, client)
		for _, id := range []string{"spring", "orders"} {
			problems, err := h.Audit(ctx, h.IDKey().Number(id))
			if err != nil || len(problems) > 0 {
				t.Errorf("the books of %s do not balance: %v %v", id, problems, err)
			}
		}
		h.told(`POST /v1/people/erase root "request 17" 2`)
		h.want("again", h.do("POST", "/v1/people/erase", admin, jsonType, body), 200).into(t, &got)
		if got != (api.EraseAnswer{}) {
			t.Errorf("erased again: %+v, want nothing", got)
		}
	})
}

// leaveTraces has a person in every place that keeps anything of anybody, and says what to
// look for.
func (h *house) leaveTraces(i int, name string) map[string]string {
	h.t.Helper()
	ctx, number := h.t.Context(), person(i).E164()
	national := number[3:]
	rows := fmt.Sprintf("telefono;nome\n%s;%s-value\n%s %s;%s-twice\n", number, name, national[:3], national[3:], name)
	h.want("import", h.do("POST", "/v1/campaigns/spring/recipients", operator, "text/csv", rows), 200)
	h.messages(strings.ReplaceAll(order(i, name+"-key"), "Ada", name+"-order"), 200)
	id := h.message(i)
	attempt := id.Attempt(0, 0)
	if _, err := h.Enter(ctx, "qlara", name+"-id", attempt); err != nil {
		h.t.Fatal(err)
	}
	for _, e := range []fallback.Event{
		{Kind: fallback.OnAccepted, Attempt: attempt, ProviderID: name + "-id"},
		{Kind: fallback.OnUndelivered, Attempt: attempt, End: fallback.Undelivered, Reason: name + "-reason", Everywhere: true},
	} {
		if _, err := h.door.Advance(ctx, time.Now(), fallback.Order{ID: id, Event: e}); err != nil {
			h.t.Fatal(err)
		}
	}
	if err := h.KeepRaw(ctx, "qlara", []byte(`{"source": "`+number+`", "text": "`+name+`-text"}`)); err != nil {
		h.t.Fatal(err)
	}
	if err := h.OpenWindow(ctx, "qlara", person(i), time.Now()); err != nil {
		h.t.Fatal(err)
	}
	if may, err := h.MayReach(ctx, person(i), attempt, campaign.Limit{N: 1, Window: time.Hour}); err != nil || !may {
		h.t.Fatal(may, err)
	}
	window := h.IDKey().Conversation("qlara", person(i))
	hash := h.IDKey().Person(person(i))
	return map[string]string{
		"the number": national, "the number, packed": packed(number[1:]), "the value": name + "-value", "the rejected row": name + "-twice",
		"the order's value": name + "-order", "the key": name + "-key", "the provider's id": name + "-id", "its reason": name + "-reason",
		"the raw callback": name + "-text", "the window": fmt.Sprintf("%x", window), "the frequency": fmt.Sprintf("{frequency:%x}", hash), "the index": fmt.Sprintf("{person:%x}", hash), "the provider's id's entry": string(attempt[:]),
	}
}

// lateNews tells an erased message what comes after: it is counted, and nothing of it kept.
func (h *house) lateNews(id campaign.MessageID, traces map[string]string, client redis.UniversalClient) {
	h.t.Helper()
	late := fallback.Event{Kind: fallback.OnAccepted, Attempt: id.Attempt(0, 0), ProviderID: traces["the provider's id"]}
	read := fallback.Event{Kind: fallback.OnRead, Attempt: id.Attempt(0, 0)}
	again := fallback.Event{Kind: fallback.OnRetry}
	if _, err := h.door.Advance(h.t.Context(), time.Now(), fallback.Order{ID: id, Event: late}, fallback.Order{ID: id, Event: read}, fallback.Order{ID: id, Event: again}); err != nil {
		h.t.Fatal(err)
	}
	if r := h.record(id); r.State.Phase != fallback.Failed || !r.State.Marks.Has(fallback.Late|fallback.Erased) || r.To != "" {
		h.t.Errorf("after late news the message is %s", r.State)
	}
	if left := kept(h.t, client, traces); len(left) > 0 {
		h.t.Errorf("after late news Redis holds %v", left)
	}
}
