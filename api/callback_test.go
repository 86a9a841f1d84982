package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

func TestEveryShapeOfACallback(t *testing.T) {
	t.Parallel()
	h := open(t)
	shapes := []struct {
		file, idField string
		leg           int
		want          string
	}{
		{"whatsapp-delivery-callback.json", "messageId", 0, "delivered 0"},
		{"whatsapp-read-callback.json", "messageId", 0, "delivered 0 read"},
		{"whatsapp-undeliverable-callback.json", "messageId", 0, "scheduled 1"},
		{"rcs-delivery-callback.json", "messageId", 1, "delivered 1"},
		{"rcs-read-callback.json", "messageId", 1, "delivered 1 read"},
		{"sms-delivery-callback.json", "messageId", 2, "delivered 2"},
		{"sms-delivery-platform-webhook-callback.json", "customerMessageId", 2, "delivered 2"},
		{"old-delivery-callback.json", "messageId", 0, "delivered 0"},
	}
	h.running(len(shapes))
	for i, s := range shapes {
		attempt := h.waitOn(h.message(i), s.leg)
		nudges := h.nudges.Load()
		for again := range 3 { // twice more changes nothing
			got := h.want(s.file, h.callback(shape(t, s.file, s.idField, attempt.String())), 200)
			if got.body != "" {
				t.Errorf("%s was answered %q, want no body", s.file, got.body)
			}
			if state := h.record(h.message(i)).State.String(); state != s.want {
				t.Errorf("%s, time %d: the message is %s, want %s", s.file, again+1, state, s.want)
			}
		}
		escalated := strings.HasPrefix(s.want, "scheduled")
		if nudged := h.nudges.Load() > nudges; nudged != escalated {
			t.Errorf("%s: nudged %v, want %v", s.file, nudged, escalated)
		}
	}
	if got, want := h.counted("qlara", api.CallbackApplied), uint64(3*len(shapes)); got != want {
		t.Errorf("%d callbacks count as applied, want %d", got, want)
	}
	balanced(t, h)
}

func balanced(t *testing.T, h *house) {
	t.Helper()
	problems, err := h.Audit(t.Context(), h.IDKey().Number("spring"))
	if err != nil || len(problems) > 0 {
		t.Errorf("the books do not balance: %v %v", problems, err)
	}
}

func TestManyReceiptsInOneCallback(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(3)
	var list []string
	for i := range 3 {
		attempt := h.waitOn(h.message(i), 0)
		list = append(list, shape(t, "whatsapp-read-callback.json", "messageId", attempt.String()),
			shape(t, "whatsapp-delivery-callback.json", "messageId", attempt.String()))
	}
	h.want("six receipts", h.callback("["+strings.Join(list, ",")+"]"), 200)
	for i := range 3 {
		if got := h.record(h.message(i)).State.String(); got != "delivered 0 read" {
			t.Errorf("message %d is %s, want delivered and read", i, got)
		}
	}
}

func TestStrangersGetNoHint(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(1)
	attempt := h.waitOn(h.message(0), 0)
	body := shape(t, "whatsapp-undeliverable-callback.json", "messageId", attempt.String())
	before := h.record(h.message(0))
	var first string
	for _, path := range []string{"/callbacks/qlara/wrong", "/callbacks/nobody/" + secret, "/callbacks/qlara/" + secret + "x", "/callbacks/qlara/" + secret + "/x", "/callbacks/qlara", "/callbacks/qlara/"} {
		r, _ := http.NewRequest("POST", h.url+path, strings.NewReader(body))
		r.Header.Set("X-Request-Id", "the-same")
		got := h.want(path, h.send(r), 404)
		if first == "" {
			first = got.body
		}
		if got.body != first {
			t.Errorf("%s is answered otherwise than the first stranger:\n%s\n%s", path, got.body, first)
		}
	}
	if after := h.record(h.message(0)); after.Stamp != before.Stamp {
		t.Errorf("a stranger moved the message to %s", after.State)
	}
	if a, b := h.counted("qlara", api.CallbackRefused), h.counted("", api.CallbackRefused); a != 4 || b != 1 {
		t.Errorf("refused: %d of qlara and %d of nobody, want 4 and 1", a, b)
	}
	h.want("the secret before the rotation", h.do("POST", "/callbacks/qlara/"+oldSecret, "", "application/json", body), 200)
	if got := h.record(h.message(0)).State.String(); got != "scheduled 1" {
		t.Errorf("with the second secret the message is %s, want scheduled 1", got)
	}
}

func TestACallbackTooLarge(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.want("a byte too many", h.callback(strings.Repeat(" ", provider.MaxCallback+1)), 413)
	if got := h.counted("qlara", api.CallbackTooLarge); got != 1 {
		t.Errorf("%d count as too large, want 1", got)
	}
	r, _ := http.NewRequest("POST", h.url+callbacks, struct{ *strings.Reader }{strings.NewReader(strings.Repeat(" ", provider.MaxCallback+1))})
	r.ContentLength = -1
	h.want("the same without a length", h.send(r), 413)
	if kept := h.raw(); len(kept) != 0 {
		t.Errorf("%d callbacks were kept, want none", len(kept))
	}
}

func TestWhatCannotBeReadIsKept(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(1)
	attempt := h.waitOn(h.message(0), 0)
	delivered := shape(t, "whatsapp-delivery-callback.json", "messageId", attempt.String())
	undefined := strings.Replace(delivered, `"statusCode":3`, `"statusCode":99`, 1)
	tests := []struct{ what, body, kept string }{
		{"no JSON", "what is this", "what is this"},
		{"a word that nobody defined", undefined, ":99"},
		{"one of two", `[{"x":"lost"},` + delivered + `]`, "lost"},
	}
	for i, test := range tests {
		h.want(test.what, h.callback(test.body), 200)
		kept := h.raw()
		if len(kept) != i+1 || !strings.Contains(kept[0], test.kept) {
			t.Errorf("%s: kept %q, want %q as the first of %d", test.what, kept, test.kept, i+1)
		}
	}
	h.want("by GET", h.get(callbacks+"?status=delivered", ""), 200)
	if kept := h.raw(); len(kept) != 4 || !strings.Contains(kept[0], "status=delivered") {
		t.Errorf("by GET: kept %q, want the query", kept)
	}
	if got := h.record(h.message(0)).State.String(); got != "delivered 0" {
		t.Errorf("what could be read left the message %s, want delivered 0", got)
	}
	if n, u := h.counted("qlara", api.CallbackUnreadable), h.counted("qlara", api.ReceiptUndefined); n != 4 || u != 1 {
		t.Errorf("%d count as unreadable and %d as undefined, want 4 and 1", n, u)
	}
}

func TestOrphans(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(1)
	h.waitOn(h.message(0), 0)
	stranger := h.IDKey().Message("spring", "+393409999999", "")
	nowhere := h.IDKey().Message("winter", person(0), "")
	ids := []campaign.AttemptID{
		stranger.Attempt(0, 0),
		nowhere.Attempt(0, 0),
		h.message(0).Attempt(2, 0),  // was never sent
		h.message(0).Attempt(14, 0), // no such leg
	}
	for i, id := range ids {
		h.want("an orphan", h.callback(shape(t, "whatsapp-delivery-callback.json", "messageId", id.String())), 200)
		if got := h.counted("qlara", api.ReceiptOrphaned); got != uint64(i+1) {
			t.Errorf("after orphan %d: %d are counted", i+1, got)
		}
	}
	if got := h.redis.HGet("cascade:{receipts}:orphans", "qlara"); got != fmt.Sprint(len(ids)) {
		t.Errorf("the ledger counts %q orphans, want %d", got, len(ids))
	}
	h.want("another's id", h.callback(`{"messageId":"wamid.1","status":3}`), 200)
	if got := h.counted("qlara", api.ReceiptParked); got != 1 {
		t.Errorf("%d receipts are parked, want 1", got)
	}
	if got := h.record(h.message(0)).State.String(); got != "waiting 0" {
		t.Errorf("orphans moved a message to %s", got)
	}
}

func TestAParkedReceiptIsFoundOnceItsIdIsKnown(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(1)
	attempt := h.waitOn(h.message(0), 0)
	if _, err := h.Enter(t.Context(), "qlara", "wamid.1", attempt); err != nil {
		t.Fatal(err)
	}
	h.want("by the provider's id", h.callback(`{"messageId":"wamid.1","status":3}`), 200)
	if got := h.record(h.message(0)).State.String(); got != "delivered 0" {
		t.Errorf("the message is %s, want delivered 0", got)
	}
}

func TestAnotherAccountsAttemptIsNotMoved(t *testing.T) {
	t.Parallel()
	h := open(t, func(o *api.Options) {
		o.Accounts["other"] = api.Account{Secrets: o.Accounts["qlara"].Secrets[:1], Reporter: o.Accounts["qlara"].Reporter}
	})
	h.running(1)
	attempt := h.waitOn(h.message(0), 0)
	body := shape(t, "whatsapp-undeliverable-callback.json", "messageId", attempt.String())
	h.want("over the other account", h.do("POST", "/callbacks/other/"+secret, "", "application/json", body), 200)
	if got := h.record(h.message(0)).State.String(); got != "waiting 0" {
		t.Errorf("the other account moved the message to %s", got)
	}
	if got := h.counted("other", api.ReceiptOrphaned); got != 1 {
		t.Errorf("%d orphans of the other account, want 1", got)
	}
}

func TestRedisAway(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(1)
	body := shape(t, "whatsapp-delivery-callback.json", "messageId", h.waitOn(h.message(0), 0).String())
	h.redis.Close()
	got := h.want("a callback while Redis is away", h.callback(body), 503)
	if got.header.Get("Retry-After") == "" {
		t.Error("the 503 has no Retry-After")
	}
	got = h.want("the API while Redis is away", h.get("/v1/campaigns/spring", viewer), 503)
	if got.header.Get("Retry-After") == "" || got.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("the 503 is %v, want a problem with Retry-After", got.header)
	}
	h.want("readyz while Redis is away", h.get("/readyz", ""), 503)
	h.want("livez while Redis is away", h.get("/livez", ""), 200)
	if err := h.redis.Restart(); err != nil {
		t.Fatal(err)
	}
	h.want("the callback again", h.callback(body), 200)
	if got := h.record(h.message(0)).State.String(); got != "delivered 0" {
		t.Errorf("the message is %s, want delivered 0", got)
	}
	if n := h.counted("qlara", api.CallbackUnavailable); n != 1 {
		t.Errorf("%d count as unavailable, want 1", n)
	}
}

// TestWhatIsNotAuthenticChangesNothing has the right secret in its address, and lacks
// what the account requires besides.
func TestWhatIsNotAuthenticChangesNothing(t *testing.T) {
	t.Parallel()
	h := open(t, func(o *api.Options) {
		o.Accounts["signed"] = api.Account{Secrets: o.Accounts["qlara"].Secrets[:1], Reporter: unsigned{}}
	})
	h.want("unsigned", h.do("POST", "/callbacks/signed/"+secret, "", "application/json", "{}"), 401)
	if n := h.counted("signed", api.CallbackRefused); n != 1 {
		t.Errorf("%d count as refused, want 1", n)
	}
	if kept := h.raw(); len(kept) != 0 {
		t.Errorf("%d callbacks were kept, want none", len(kept))
	}
}

// unsigned finds nothing authentic.
type unsigned struct{}

func (unsigned) Receipts(*http.Request) ([]campaign.Receipt, provider.Ack, error) {
	return nil, provider.Ack{Status: http.StatusUnauthorized}, fmt.Errorf("unsigned: %w", provider.ErrNotAuthentic)
}
