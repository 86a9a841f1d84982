package api_test

import (
	"context"
	"errors"
	"net/url"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
)

var numbers = regexp.MustCompile(`\d{12}`)

type described struct {
	Properties map[string]any
	Required   []string
}

// schema is what the document says of a type.
func (h *house) schema(name string) described {
	h.t.Helper()
	var d struct {
		Components struct{ Schemas map[string]described }
	}
	h.get("/openapi.json", "").into(h.t, &d)
	s, there := d.Components.Schemas[name]
	if !there {
		h.t.Fatalf("the document has no %s", name)
	}
	return s
}

// inboxOf keeps what people write, and fails as often as it is told to.
type inboxOf struct {
	mu    sync.Mutex
	fails int
	kept  []campaign.Receipt
	stops []bool
}

func (i *inboxOf) PassOn(_ context.Context, r campaign.Receipt, stop bool) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.fails > 0 {
		i.fails--
		return errors.New("redis is away")
	}
	i.kept, i.stops = append(i.kept, r), append(i.stops, stop)
	return nil
}

func TestWhatPeopleWriteIsPassedOnBeforeItIsAnswered(t *testing.T) {
	t.Parallel()
	inbox := &inboxOf{fails: 1}
	h := open(t, func(o *api.Options) { o.Inbox = inbox })
	h.running(1)
	reply := shape(t, "whatsapp-inbound-text-callback.json", "source", person(0).E164())
	h.want("while it cannot be kept", h.callback(reply), 503)
	h.want("the provider's next try", h.callback(reply), 200)
	form := url.Values{"originator": {person(0).E164()}, "destination": {"+393331234333"}, "date_time": {"20260514102301"}, "text": {"Stop."}}
	h.want("a STOP", h.do("POST", callbacks, "", "application/x-www-form-urlencoded", form.Encode()), 200)
	if len(inbox.kept) != 2 || inbox.stops[0] || !inbox.stops[1] {
		t.Fatalf("kept %+v, stops %v", inbox.kept, inbox.stops)
	}
	for _, r := range inbox.kept {
		if r.Account != "qlara" || r.From != person(0) || r.Text == "" || r.ProviderID == "" {
			t.Errorf("kept %+v of %s", r, r.From)
		}
	}
	if suppressed, err := h.Suppressed(t.Context(), person(0)); err != nil || !suppressed[0] {
		t.Errorf("suppressed: %v, %v", suppressed, err)
	}
}

// The receipts of a callback whose replies cannot be kept are applied all the same.
func TestAReplyThatIsNotKeptHoldsUpNoReceipt(t *testing.T) {
	t.Parallel()
	inbox := &inboxOf{fails: 1}
	h := open(t, func(o *api.Options) { o.Inbox = inbox })
	h.running(1)
	attempt := h.waitOn(h.message(0), 0)
	both := "[" + shape(t, "whatsapp-inbound-text-callback.json", "source", person(0).E164()) + "," +
		shape(t, "whatsapp-delivery-callback.json", "messageId", attempt.String()) + "]"
	h.want("while the reply cannot be kept", h.callback(both), 503)
	if got := h.record(h.message(0)).State.String(); got != "delivered 0" {
		t.Errorf("the message is %s, want delivered", got)
	}
	h.want("the provider's next try", h.callback(both), 200)
	if len(inbox.kept) != 1 {
		t.Errorf("kept %+v, want the reply", inbox.kept)
	}
}

// outsiders are receivers outside, of whom one is called crm.
type outsiders struct {
	name, campaign string
	since          time.Time
}

func (o *outsiders) Webhooks(context.Context) ([]api.Webhook, error) {
	at := eventTime
	return []api.Webhook{{Name: "crm", Host: "crm.example.com", State: api.WebhookGone, Since: &at, Error: "it answered 410", WebhookCounts: api.WebhookCounts{Waiting: 3}}}, nil
}

func (o *outsiders) Redeliver(_ context.Context, name, campaign string, since time.Time) (int, error) {
	o.name, o.campaign, o.since = name, campaign, since
	return 3, nil
}

func TestReceiversAreListedAndRedeliveredTo(t *testing.T) {
	t.Parallel()
	o := &outsiders{}
	h := open(t, func(options *api.Options) { options.Webhooks = o })
	got := h.want("the list", h.get("/v1/webhooks", viewer), 200)
	const want = `{"webhooks":[{"webhook":"crm","host":"crm.example.com","state":"gone","error":"it answered 410","since":"2026-12-01T12:00:00Z","waiting":3,"delivered":0,"given_up":0,"dropped":0}]}` + "\n"
	if got.body != want {
		t.Errorf("listed %s, want %s", got.body, want)
	}
	body := `{"campaign": "spring", "since": "2026-12-01T12:00:00Z", "reason": "its disk was full"}`
	if got := h.want("redeliver", h.post("/v1/webhooks/crm/redeliver", operator, body), 200); got.body != `{"waiting":3}`+"\n" {
		t.Errorf("answered %s", got.body)
	}
	if o.name != "crm" || o.campaign != "spring" || !o.since.Equal(eventTime) {
		t.Errorf("redelivered to %+v", o)
	}
	h.want("nobody", h.post("/v1/webhooks/nobody/redeliver", operator, ""), 404)
	h.want("nonsense", h.post("/v1/webhooks/crm/redeliver", operator, `{"since": "yesterday"}`), 400)
	var deeds api.DeedList
	h.get("/v1/audit", viewer).into(t, &deeds)
	if len(deeds.Deeds) != 1 || deeds.Deeds[0].About != "crm" || deeds.Deeds[0].Why != "its disk was full" || *deeds.Deeds[0].Touched != 3 {
		t.Errorf("the journal has %+v", deeds.Deeds)
	}
}

func TestWithoutReceivers(t *testing.T) {
	t.Parallel()
	h := open(t)
	if got := h.want("the list", h.get("/v1/webhooks", viewer), 200); got.body != `{"webhooks":[]}`+"\n" {
		t.Errorf("listed %s", got.body)
	}
	h.want("redeliver", h.post("/v1/webhooks/crm/redeliver", operator, ""), 404)
}
