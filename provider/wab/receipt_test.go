package wab

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/provider/providertest"
)

// callbacks are the documented ones, each word once, and the forms that are left open.
func callbacks() []providertest.Callback {
	documented := func(name string, want campaign.Receipt) providertest.Callback {
		return providertest.Callback{Example: name, Want: []campaign.Receipt{want}}
	}
	written := func(name, body string, want ...campaign.Receipt) providertest.Callback {
		return providertest.Callback{Name: name, Body: []byte(body), Want: want}
	}
	about := func(kind campaign.ReceiptKind, reason string) campaign.Receipt {
		return campaign.Receipt{ProviderID: answeredID, Kind: kind, Reason: reason}
	}
	wrote := campaign.Receipt{
		ProviderID: "c1fc05e6-863e-43bf-86dc-000000000000", Kind: campaign.ReceiptInbound, From: "+64211234567", Channel: campaign.WhatsApp,
		Text: "This is an automated reply from the mock API", At: time.Unix(1767739600, 0).UTC(),
	}
	said := func(over campaign.Channel, text string) campaign.Receipt {
		return campaign.Receipt{ProviderID: "7", Kind: campaign.ReceiptInbound, From: "+64211234567", Channel: over, Text: text}
	}
	mo := func(name, content, text string) providertest.Callback {
		over := campaign.SMS
		if strings.Contains(content, `":`) { // an object
			over = campaign.WhatsApp
		}
		return written(name, `{"id":7,"source":"+64211234567","destination":"4811","content":`+content+`}`, said(over, text))
	}
	noID := said(campaign.SMS, "STOP")
	noID.ProviderID = provider.InboundID("+64211234567", `"STOP"`)
	ours := campaign.Receipt{Attempt: attempt, ProviderID: answeredID, Kind: campaign.ReceiptDelivered}
	all := []providertest.Callback{
		documented("dlr-received-callback", about(campaign.ReceiptDelivered, "")),
		documented("dlr-rejected-callback", about(campaign.ReceiptRejected, "status rejected")),
		{Example: "mo-callback", Instead: valid, Want: []campaign.Receipt{wrote}},
		{Example: "get-message-mo-response", Instead: valid, Want: []campaign.Receipt{wrote}}, // its content is a string
		written("ours", `{"id":"`+answeredID+`","status":"received","reference":"`+attempt.String()+`"}`, ours),
		written("ours in capitals", `{"ID":"`+answeredID+`","Status":"RECEIVED","Reference":"`+strings.ToUpper(attempt.String())+`"}`, ours),
		written("ours without an id", `{"status":"received","reference":"`+attempt.String()+`"}`, campaign.Receipt{Attempt: attempt, Kind: campaign.ReceiptDelivered}),
		written("sms", `{"id":654321,"status":"received"}`, campaign.Receipt{ProviderID: "654321", Kind: campaign.ReceiptDelivered}),
		written("sms by its other name", `{"message_id":"`+answeredID+`","status":"rejected","detail":"barred for +64 21 123 4567"}`, about(campaign.ReceiptRejected, "barred for #")),
		written("a word that nobody defined", `{"id":"`+answeredID+`","status":"read 64211234567"}`, about(campaign.ReceiptUnknown, "status read #")),
		written("a list", `[{"id":"`+answeredID+`","status":"sent"},{"id":"`+answeredID+`","status":"received"}]`,
			about(campaign.ReceiptSent, ""), about(campaign.ReceiptDelivered, "")),
		mo("sms of a person", `"STOP"`, "STOP"),
		mo("sms that looks like an object", `"{not JSON"`, "{not JSON"),
		mo("sms of a number", `"42"`, "42"),
		mo("a button", `{"type":"button","button":{"payload":"p","text":"Stop"}}`, "Stop"),
		mo("a button of a reply", `{"type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":"1","title":"Stop"}}}`, "Stop"),
		mo("a list's row", `{"type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"1","title":"No"}}}`, "No"),
		mo("a picture", `{"type":"image","image":{"id":"1"}}`, ""),
		mo("nothing", `null`, ""),
		mo("a time that is none", `{"timestamp":"99999999999999","text":{"body":"x"}}`, "x"),
		written("binary", `{"id":7,"source":"+64211234567","content":"U1RPUA==","encoding":"base64"}`, said(0, "")),
		written("no id", `{"source":"+64211234567","content":"STOP"}`, noID),
	}
	for word, kind := range map[string]campaign.ReceiptKind{
		"sent": campaign.ReceiptSent, "received": campaign.ReceiptDelivered, "submitted": campaign.ReceiptAccepted, "frozen": campaign.ReceiptAccepted,
	} {
		all = append(all, written(word, `{"id":"`+answeredID+`","status":"`+word+`","reference":""}`, about(kind, "")))
	}
	for word, kind := range map[string]campaign.ReceiptKind{
		"rejected": campaign.ReceiptRejected, "expired": campaign.ReceiptExpired, "failed": campaign.ReceiptUndeliverable, "dead": campaign.ReceiptRejected,
	} {
		all = append(all, written(word, `{"id":"`+answeredID+`","status":"`+word+`","reference":""}`, about(kind, "status "+word)))
	}
	return all
}

// valid is a number that exists, in the place of the examples', which does not.
var valid = []string{"+64123456789", "+64211234567"}

func TestUnreadableCallbacks(t *testing.T) {
	t.Parallel()
	p := adapter(t)
	for name, body := range map[string]string{
		"no id":                 `{"status":"sent","reference":""}`,
		"neither":               `{"id":"x","reference":"y"}`,
		"from a name":           `{"id":"x","source":"MyBrand","content":"STOP"}`,
		"from without a plus":   `{"id":"x","source":"64211234567","content":"STOP"}`,
		"an object for an id":   `{"id":{"a":1},"status":"sent"}`,
		"a word":                `"sent"`,
		"a message's own state": string(providertest.Example(t, "error-400-response")),
	} {
		providertest.CheckUnreadable(t, name, p, providertest.Post("application/json", body))
	}
	if _, _, err := p.Receipts(httptest.NewRequest(http.MethodGet, "/?id=x&status=sent", nil)); err == nil {
		t.Error("a GET was read")
	}
	providertest.CheckBeside(t, p, providertest.Post("", `[{"id":"a","status":"sent"},{"status":"sent"}]`), "callback 2", "a")
}

func FuzzReceipts(f *testing.F) { providertest.FuzzReceipts(f, adapter(f), callbacks()) }

func BenchmarkReceipts(b *testing.B) { providertest.BenchmarkReceipts(b, adapter(b), callbacks()[0]) }
