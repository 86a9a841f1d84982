package kaleyra

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

const seen = "58f86fab-85c5-4f7c-9b68-9c323248afc4:0"

// callbacks are the documented ones in every shape, and each word once.
func callbacks() []providertest.Callback {
	about := func(kind campaign.ReceiptKind, reason string) campaign.Receipt {
		return campaign.Receipt{ProviderID: seen, Kind: kind, Reason: reason}
	}
	documented := func(name string, want campaign.Receipt) providertest.Callback {
		return providertest.Callback{Example: name, Want: []campaign.Receipt{want}}
	}
	posted := func(name, contentType, body string, want ...campaign.Receipt) providertest.Callback {
		return providertest.Callback{Name: name, ContentType: contentType, Body: []byte(body), Want: want}
	}
	ours := campaign.Receipt{Attempt: attempt, ProviderID: seen, Kind: campaign.ReceiptDelivered}
	const read = "id=58f86fab-85c5-4f7c-9b68-9c323248afc4%3A0&status=read"
	wrote := time.Unix(1603914166, 0).UTC()
	inbound := campaign.Receipt{Kind: campaign.ReceiptInbound, From: "+14133881111", Channel: campaign.WhatsApp, Text: "Hello World", At: wrote,
		ProviderID: provider.InboundID("+14133881111", "1603914166", "text", "Hello World", "")}
	all := []providertest.Callback{
		documented("whatsapp-status-callback", about(campaign.ReceiptRead, "")),
		documented("whatsapp-failed-callback", about(campaign.ReceiptUndeliverable, "status 0")),
		documented("whatsapp-inbound-callback", inbound),
		posted("status in a form", provider.FormType, read, about(campaign.ReceiptRead, "")),
		posted("status in a form with its charset", provider.FormType+"; charset=utf-8", read, about(campaign.ReceiptRead, "")),
		posted("status in JSON", "application/json", `{"id":"`+seen+`","status":"read"}`, about(campaign.ReceiptRead, "")),
		posted("inbound in a form", provider.FormType, "created_at=1603914166&type=text&from=14133881111&name=John+Cruz&body=Hello+World", inbound),
		{Example: "callback-profile-inbound-body", Want: []campaign.Receipt{inbound},
			Instead: []string{"<from>", "14133881111", "<type>", "text", "<created_at>", "1603914166", "<body>", "Hello World", "<media_url>", ""}},
		{Example: "callback-profile-template-status-body", Want: []campaign.Receipt{}}, // of a template, and no message
		posted("inbound with a bare plus", provider.FormType, "from=+14133881111&type=text&created_at=1603914166&body=Hello+World", inbound),
		posted("inbound media", "", `{"from":"14133881111","type":"image","media_url":"https://example.com/i.jpg","location":{"a":1}}`,
			campaign.Receipt{Kind: campaign.ReceiptInbound, From: "+14133881111", Channel: campaign.WhatsApp, ProviderID: provider.InboundID("+14133881111", "", "image", "", "https://example.com/i.jpg")}),
		posted("inbound of another time", "", `{"from":"+14133881111","body":"STOP","created_at":"2020-10-28 21:42:46+02:00"}`,
			campaign.Receipt{Kind: campaign.ReceiptInbound, From: "+14133881111", Text: "STOP", At: time.Date(2020, 10, 28, 19, 42, 46, 0, time.UTC),
				ProviderID: provider.InboundID("+14133881111", "2020-10-28 21:42:46+02:00", "", "STOP", "")}),
		posted("inbound of a time that JSON cannot hold", "", `{"from":"+14133881111","body":"STOP","created_at":"9999-12-31 23:59:59-01:00"}`,
			campaign.Receipt{Kind: campaign.ReceiptInbound, From: "+14133881111", Text: "STOP",
				ProviderID: provider.InboundID("+14133881111", "9999-12-31 23:59:59-01:00", "", "STOP", "")}),
		posted("ours", "", `{"id":"`+seen+`","status":"DELIVERED","ref":"`+attempt.String()+`"}`, ours),
		posted("ours without an id", "", `{"id":"","status":"DELIVERED","ref":"`+strings.ToUpper(attempt.String())+`"}`,
			campaign.Receipt{Attempt: attempt, Kind: campaign.ReceiptDelivered}),
		posted("ours as sms has it", "", `{"ID":"`+seen+`","Status":"DELIVRD","ref_custom":"['`+attempt.String()+`']"}`, ours),
		posted("a variable that is not filled", "", `{"id":"`+seen+`","status":"SENT","ref":"<ref>"}`, about(campaign.ReceiptSent, "")),
		posted("trace", "", `{"id":"`+seen+`","status":"NOT-SENT","status_trace":"NO-CREDITS","description":"x"}`, campaign.Receipt{ProviderID: seen, Kind: campaign.ReceiptRejected, Cause: campaign.CauseAccount, Reason: "NO-CREDITS"}),
		posted("the phone was off", "", `{"id":"`+seen+`","status":"Undelivered","status_trace":"MOB-OFF"}`, about(campaign.ReceiptExpired, "MOB-OFF")),
		posted("description", "", `{"id":"`+seen+`","status":"Failed","description":"no route to 919158812345"}`, about(campaign.ReceiptUndeliverable, "no route to #")),
		posted("a word that nobody defined", "", `{"id":"`+seen+`","status":"PARKED 919158812345"}`, about(campaign.ReceiptUnknown, "status PARKED #")),
		posted("a list", "", `[{"id":"`+seen+`","status":"sent"},{"message_id":"`+seen+`","status":0}]`,
			about(campaign.ReceiptSent, ""), about(campaign.ReceiptUndeliverable, "status 0")),
	}
	for word, kind := range map[string]campaign.ReceiptKind{
		"sent": campaign.ReceiptSent, "Submitted": campaign.ReceiptSent, "ENROUTE": campaign.ReceiptSent, "SENT - NO DLR": campaign.ReceiptSent,
		"delivered": campaign.ReceiptDelivered, "DELIVRD": campaign.ReceiptDelivered, "Read": campaign.ReceiptRead,
	} {
		all = append(all, posted(word, "", `{"id":"`+seen+`","status":"`+word+`"}`, about(kind, "")))
	}
	for word, kind := range map[string]campaign.ReceiptKind{
		"FAILED": campaign.ReceiptUndeliverable, "Undelivered": campaign.ReceiptUndeliverable,
		"expired": campaign.ReceiptExpired, "MOB-OFF": campaign.ReceiptExpired, "not_sent": campaign.ReceiptRejected, "NOT-SENT": campaign.ReceiptRejected,
	} {
		all = append(all, posted(word, "", `{"id":"`+seen+`","status":"`+word+`"}`, about(kind, "status "+word)))
	}
	return all
}

func TestUnreadableCallbacks(t *testing.T) {
	t.Parallel()
	p := adapter(t)
	for name, r := range map[string]*http.Request{
		"no id":                httptest.NewRequest(http.MethodGet, "/?status=sent", nil),
		"nothing":              httptest.NewRequest(http.MethodGet, "/", nil),
		"an id twice":          httptest.NewRequest(http.MethodGet, "/?id=1&id=2&status=sent", nil),
		"an id in two cases":   httptest.NewRequest(http.MethodGet, "/?id=1&ID=2&status=sent", nil),
		"a broken escape":      httptest.NewRequest(http.MethodGet, "/?id=1&status=%zz", nil),
		"from a name":          httptest.NewRequest(http.MethodGet, "/?from=MyBrand&body=STOP", nil),
		"a put":                httptest.NewRequest(http.MethodPut, "/?id=1&status=sent", nil),
		"an id that is a list": providertest.Post("", `{"id":["1"],"status":"sent"}`),
		"a word":               providertest.Post("", `"sent"`),
	} {
		providertest.CheckUnreadable(t, name, p, r)
	}
	providertest.CheckBeside(t, p, providertest.Post("", `[{"id":"a","status":"sent"},{"status":"sent"}]`), "callback 2", "a")
}

// A POST may have everything in its address.
func TestPostWithoutABody(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodPost, "/?id="+seen+"&status=read", nil)
	receipts, _, err := adapter(t).Receipts(r)
	if err != nil || len(receipts) != 1 || receipts[0].Kind != campaign.ReceiptRead {
		t.Errorf("%+v, error %v; want a read", receipts, err)
	}
}

func FuzzReceipts(f *testing.F) { providertest.FuzzReceipts(f, adapter(f), callbacks()) }

func BenchmarkReceipts(b *testing.B) { providertest.BenchmarkReceipts(b, adapter(b), callbacks()[0]) }
