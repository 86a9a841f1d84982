package qlara

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/provider/providertest"
)

// callbacks are the documented ones, and those that the documents leave open.
func callbacks() []providertest.Callback {
	id := attempt.String()
	documented := func(name string, want campaign.Receipt) providertest.Callback {
		return providertest.Callback{Example: name, Want: []campaign.Receipt{want}}
	}
	written := func(name, body string, want ...campaign.Receipt) providertest.Callback {
		return providertest.Callback{Name: name, Body: []byte(body), Want: want}
	}
	about := func(kind campaign.ReceiptKind, reason string) campaign.Receipt {
		return campaign.Receipt{Attempt: attempt, Kind: kind, Reason: reason}
	}
	const whatsapp, rcs = "88116e2f-b8b4-40fe-b727-f453b6b99adc", "5b0b2f52-5c0f-4c2f-9d4e-1f1f6a3c9f10"
	return []providertest.Callback{
		documented("whatsapp-delivery-callback", campaign.Receipt{Channel: campaign.WhatsApp, ProviderID: whatsapp, Kind: campaign.ReceiptDelivered, At: providertest.At("2025-10-16T10:42:18Z")}),
		documented("whatsapp-undeliverable-callback", campaign.Receipt{Channel: campaign.WhatsApp, ProviderID: whatsapp, Kind: campaign.ReceiptUndeliverable, Reason: "undeliverable", At: providertest.At("2025-10-16T10:42:18Z")}),
		documented("whatsapp-read-callback", campaign.Receipt{Channel: campaign.WhatsApp, ProviderID: whatsapp, Kind: campaign.ReceiptRead, At: providertest.At("2025-10-16T10:42:18Z")}),
		documented("whatsapp-inbound-text-callback", campaign.Receipt{ProviderID: "wamid.HBxxxxxxxxxxxxxxxxx", Kind: campaign.ReceiptInbound, From: "+393471488489", Channel: campaign.WhatsApp, Text: "Messaggio di risposta dell'utente", At: providertest.At("2025-10-31T10:59:05.099Z")}),
		documented("whatsapp-inbound-media-callback", campaign.Receipt{ProviderID: provider.InboundID("WHATSAPP", "+393471488489", "+393209998877", "2025-10-31T11:00:41.003Z", "b394ab72/efd4987c/39b4879f6fed01f0d622453be1488c93", ""), Kind: campaign.ReceiptInbound, From: "+393471488489", Channel: campaign.WhatsApp, At: providertest.At("2025-10-31T11:00:41.003Z")}),
		documented("rcs-delivery-callback", campaign.Receipt{Channel: campaign.RCS, ProviderID: rcs, Kind: campaign.ReceiptDelivered, At: providertest.At("2025-10-16T10:42:18Z")}),
		documented("rcs-read-callback", campaign.Receipt{Channel: campaign.RCS, ProviderID: rcs, Kind: campaign.ReceiptRead, At: providertest.At("2025-10-16T10:43:00Z")}),
		documented("rcs-inbound-callback", campaign.Receipt{ProviderID: "msg-id", Kind: campaign.ReceiptInbound, From: "+393471488489", Channel: campaign.RCS, Text: "User reply message", At: providertest.At("2025-10-31T10:59:05.099Z")}),
		documented("sms-delivery-callback", campaign.Receipt{Channel: campaign.SMS, ProviderID: "f47ac10b-58cc-4372-a567-0e02b2c3d479", Kind: campaign.ReceiptDelivered, At: providertest.At("2024-01-15T10:30:00Z")}),
		documented("sms-delivery-platform-webhook-callback", campaign.Receipt{Channel: campaign.SMS, ProviderID: "e76614d1-4ac1-4d94-89f0-d07f1b5a190c", Kind: campaign.ReceiptDelivered, At: providertest.At("2026-04-09T10:30:00Z")}),
		documented("old-delivery-callback", campaign.Receipt{ProviderID: "wamid.XXXXXXXXXXXXXXXXXXXXXXXXXXXXX", Kind: campaign.ReceiptDelivered, At: providertest.At("2024-01-15T10:30:45Z")}),

		written("our id", `{"channel":"WHATSAPP","eventType":"DELIVERY","messageId":"`+id+`","statusCode":3}`,
			campaign.Receipt{Attempt: attempt, Kind: campaign.ReceiptDelivered, Channel: campaign.WhatsApp}),
		written("our id in capitals", `{"eventType":"read","messageId":"`+strings.ToUpper(id)+`"}`, about(campaign.ReceiptRead, "")),
		written("our id as the customer's", `{"eventType":"DELIVERY","messageId":"theirs","customerMessageId":"`+id+`","statusCode":6}`,
			campaign.Receipt{Attempt: attempt, ProviderID: "theirs", Kind: campaign.ReceiptUndeliverable, Reason: "status 6"}),
		written("quick start", `{"messageId":"`+id+`","status":"DELIVERED"}`, about(campaign.ReceiptDelivered, "")),
		written("quick start, sent", `{"messageId":"`+id+`","status":"sent"}`, about(campaign.ReceiptSent, "")),
		written("quick start, error", `{"messageId":"`+id+`","status":"ERROR","description":"no route to +39 340 1234567"}`, about(campaign.ReceiptUndeliverable, "no route to #")),
		written("quick start, expired", `{"messageId":"`+id+`","status":"EXPIRED"}`, about(campaign.ReceiptExpired, "status EXPIRED")),
		written("the code as a word", `{"messageId":"`+id+`","statusCode":"3"}`, about(campaign.ReceiptDelivered, "")),
		written("a code that nobody defined", `{"eventType":"DELIVERY","messageId":"`+id+`","statusCode":4}`, about(campaign.ReceiptUnknown, "status 4")),
		written("a word that nobody defined", `{"messageId":"`+id+`","status":"PARKED 393401234567"}`, about(campaign.ReceiptUnknown, "status PARKED #")),
		written("an event that nobody defined", `{"eventType":"CLICK","messageId":"`+id+`"}`, about(campaign.ReceiptUnknown, "CLICK")),
		written("a delivery without a status", `{"eventType":"DELIVERY","messageId":"`+id+`"}`, about(campaign.ReceiptUnknown, "status")),
		written("second part of three", `{"channel":"SMS","eventType":"DELIVERY","messageId":"`+id+`","statusCode":3,"numPart":2,"totalParts":"3"}`,
			campaign.Receipt{Attempt: attempt, Kind: campaign.ReceiptDelivered, Channel: campaign.SMS, Part: 2, Parts: 3}),
		written("a time that cannot be read", `{"messageId":"`+id+`","statusCode":3,"timestamp":1760000000}`, about(campaign.ReceiptDelivered, "")),
		written("a time as requests write it", `{"messageId":"`+id+`","statusCode":3,"eventDate":"2025-10-01 09:00:00.000+0200"}`,
			campaign.Receipt{Attempt: attempt, Kind: campaign.ReceiptDelivered, At: providertest.At("2025-10-01T07:00:00Z")}),
		written("a time that JSON cannot hold", `{"messageId":"`+id+`","statusCode":3,"eventDate":"9999-12-31T23:59:59-01:00"}`, about(campaign.ReceiptDelivered, "")),
		written("a list", `[{"messageId":"`+id+`","statusCode":3}, {"eventType":"READ","messageId":"`+id+`"}]`,
			about(campaign.ReceiptDelivered, ""), about(campaign.ReceiptRead, "")),
		{
			Example: "sms-inbound-callback", ContentType: "application/x-www-form-urlencoded; charset=utf-8",
			Want: []campaign.Receipt{{Kind: campaign.ReceiptInbound, From: "+393351234567", Channel: campaign.SMS, Text: "News ON",
				ProviderID: provider.InboundID("sms", "+393351234567", "+393331234333", "20260514102301", "News ON")}},
			Ack: provider.Ack{ContentType: "text/plain", Body: "+OK"},
		},
		{
			Name: "inbound sms with a bare plus", ContentType: "application/x-www-form-urlencoded",
			Body: []byte("originator=+39 335 1234567&text=STOP"),
			Want: []campaign.Receipt{{Kind: campaign.ReceiptInbound, From: "+393351234567", Channel: campaign.SMS, Text: "STOP",
				ProviderID: provider.InboundID("sms", "+39 335 1234567", "", "", "STOP")}},
			Ack: provider.Ack{ContentType: "text/plain", Body: "+OK"},
		},
	}
}

func TestUnreadableCallbacks(t *testing.T) {
	p := adapter(t)
	for name, body := range map[string]string{
		"no id":                  `{"eventType":"DELIVERY","statusCode":3}`,
		"neither event nor code": `{"messageId":"x"}`,
		"a part beyond the last": `{"messageId":"x","statusCode":3,"numPart":3,"totalParts":2}`,
		"a part of nothing":      `{"messageId":"x","statusCode":3,"numPart":2}`,
		"inbound without a plus": `{"eventType":"INBOUND","source":"3401234567","text":"STOP"}`,
		"inbound from a name":    `{"eventType":"INBOUND","source":"MyBrand","text":"STOP"}`,
		"an object for an id":    `{"messageId":{"a":1},"statusCode":3}`,
	} {
		providertest.CheckUnreadable(t, name, p, providertest.Post("application/json", body))
	}
	get := httptest.NewRequest(http.MethodGet, "/?status=3", nil)
	if _, _, err := p.Receipts(get); err == nil {
		t.Error("a GET was read")
	}
}

func TestOneBadItemDoesNotSpoilTheList(t *testing.T) {
	r := providertest.Post("application/json", `[{"messageId":"a","statusCode":3}, {"statusCode":3}, {"messageId":"c","statusCode":6}]`)
	providertest.CheckBeside(t, adapter(t), r, "callback 2", "a", "c")
}

func FuzzReceipts(f *testing.F) { providertest.FuzzReceipts(f, adapter(f), callbacks()) }

func BenchmarkReceipts(b *testing.B) { providertest.BenchmarkReceipts(b, adapter(b), callbacks()[0]) }
