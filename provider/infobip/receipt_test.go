package infobip

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/provider/providertest"
)

// callbacks are the documented ones, and those that the documents leave open.
func callbacks() []providertest.Callback {
	return append(documented(), written()...)
}

func documented() []providertest.Callback {
	as := func(name string, want ...campaign.Receipt) providertest.Callback {
		return providertest.Callback{Example: name, Want: want}
	}
	const whatsapp, rcs = "fb469d73-d362-463f-b30f-1e959b53badc", "msg-abc123"
	done := providertest.At("2026-03-03T13:22:35Z")
	return []providertest.Callback{
		as("whatsapp-dlr-callback", campaign.Receipt{ProviderID: whatsapp, Kind: isDelivered, At: providertest.At("2019-04-09T19:01:56.494Z")}),
		as("whatsapp-dlr-frequency-capped-callback", campaign.Receipt{ProviderID: whatsapp, Kind: isUndeliverable, Reason: "error 7032 too much marketing to them: wait 24 h", At: providertest.At("2019-04-09T19:01:56.494Z")}),
		as("whatsapp-seen-callback", campaign.Receipt{ProviderID: "1215f543ab19-345f-adbd-12ad31451ed25f35", Kind: campaign.ReceiptRead, At: providertest.At("2018-12-12T11:21:58.251Z")}),
		as("whatsapp-inbound-text-callback", campaign.Receipt{ProviderID: "wamid.HBgLMjc4MTMzMjE0ODIVAgAonoIAUsydhfskYyRDdEMjE4Njg3MzlBMDU2NzI4NgA=", Kind: campaign.ReceiptInbound, From: "+385919998888", Channel: campaign.WhatsApp, Text: "Hello, World!", At: providertest.At("2025-01-01T10:10:00Z")}),
		as("whatsapp-marketing-stop-callback", campaign.Receipt{ProviderID: provider.InboundID("marketing", "+385919998888", "stop", "2024-01-01T01:00:00.000+0000"), Kind: campaign.ReceiptInbound, From: "+385919998888", Text: "stop", At: providertest.At("2024-01-01T01:00:00Z")}),
		as("whatsapp-template-update-callback"),
		as("rcs-dlr-delivered-callback", campaign.Receipt{ProviderID: rcs, Kind: isDelivered, At: done}),
		as("rcs-dlr-failed-callback", campaign.Receipt{ProviderID: rcs, Kind: isUndeliverable, Reason: "error 7002 not on this channel: nothing to do", At: done}),
		as("rcs-dlr-failed-with-failover-callback", campaign.Receipt{Channel: campaign.RCS, ProviderID: rcs, Kind: isSent, At: done}),
		as("rcs-dlr-failover-sms-delivered-callback", campaign.Receipt{Channel: campaign.SMS, ProviderID: rcs, Kind: isDelivered, At: done}),
		as("rcs-inbound-suggestion-callback", campaign.Receipt{ProviderID: rcs, Kind: campaign.ReceiptInbound, From: "+385911234567", Channel: campaign.RCS, Text: "suggestionText", At: providertest.At("2026-03-03T14:22:30Z")}),
		as("sms-dlr-callback",
			campaign.Receipt{ProviderID: "MESSAGE-ID-123-xyz", Kind: isDelivered, At: providertest.At("2019-11-09T15:00:00Z")},
			campaign.Receipt{ProviderID: "12db39c3-7822-4e72-a3ec-c87442c0ffc5", Kind: isDelivered, At: providertest.At("2019-11-09T16:00:00Z")}),
		as("sms-inbound-callback", campaign.Receipt{ProviderID: "817790313235066447", Kind: campaign.ReceiptInbound, From: "+385916242493", Channel: campaign.SMS, Text: "QUIZ Correct answer is Paris", At: providertest.At("2019-11-09T16:00:00Z")}),
		as("click-callback", campaign.Receipt{ProviderID: "a28dd97c-1ffb-4fcf-99f1-0b557ed381da", Kind: campaign.ReceiptRead, At: providertest.At("2024-01-01T11:00:00Z")}),
		as("report-poll-response", campaign.Receipt{Channel: campaign.WhatsApp, ProviderID: "ABEGVUGWh3gEAgo-sLTvmQCS5kwjhsy", Kind: isDelivered, At: providertest.At("2024-02-06T17:18:29.797Z")}),
	}
}

func written() []providertest.Callback {
	id := attempt.String()
	result := func(name, fields string, want campaign.Receipt) providertest.Callback {
		return providertest.Callback{Name: name, Body: []byte(`{"results":[{` + fields + `}]}`), Want: []campaign.Receipt{want}}
	}
	about := func(kind campaign.ReceiptKind, reason string) campaign.Receipt {
		return campaign.Receipt{Attempt: attempt, Kind: kind, Reason: reason}
	}
	suggestion := func(name, data, paired string, want campaign.Receipt) providertest.Callback {
		return result(name, `"sender":"393401234567","receivedAt":"2026-03-03T14:22:30.000+0000","messageId":"theirs","pairedMessageId":"`+paired+`","message":{"type":"SUGGESTION","text":"Basta così","postbackData":"`+data+`"}`, want)
	}
	wrote := func(text string) campaign.Receipt {
		return campaign.Receipt{ProviderID: "theirs", Kind: campaign.ReceiptInbound, From: "+393401234567", Channel: campaign.RCS, Text: text, At: providertest.At("2026-03-03T14:22:30Z")}
	}
	said := func(text string) campaign.Receipt {
		r := wrote(text)
		r.Channel = campaign.WhatsApp
		return r
	}
	return []providertest.Callback{
		result("our id", `"messageId":"`+id+`","status":{"groupId":1,"id":26}`, about(isAccepted, "")),
		result("our id in capitals, seen", `"messageId":"`+strings.ToUpper(id)+`","seenAt":"soon"`, about(campaign.ReceiptRead, "")),
		result("an id that came before", `"messageId":"`+id+`","status":{"groupId":5,"id":23,"name":"REJECTED_DUPLICATE_MESSAGE_ID"}`, about(isAccepted, "status 23 our id came before: the first call counts")),
		result("a person who wants nothing", `"messageId":"`+id+`","status":{"groupId":5,"id":10,"name":"REJECTED_DND"}`,
			campaign.Receipt{Attempt: attempt, Kind: isRejected, Cause: campaign.CauseOptedOut, Reason: "status 10 person is on do-not-disturb: do not send"}),
		result("a group that nobody defined", `"messageId":"`+id+`","status":{"groupId":9,"id":1,"name":"PARKED","description":"at 393401234567"}`, about(campaign.ReceiptUnknown, "status 1 PARKED: at #")),
		result("a status without a group", `"messageId":"`+id+`","status":{"id":5,"name":"DELIVERED_TO_HANDSET"}`, about(campaign.ReceiptUnknown, "status 5 DELIVERED_TO_HANDSET")),
		result("the provider's words quote", `"messageId":"`+id+`","to":"393401234567","status":{"groupId":5,"id":77,"description":"393401234567 at https://example.com/x"}`, about(isRejected, "status 77 : # at …")),
		result("a time with a colon, of sending only", `"messageId":"`+id+`","sentAt":"2026-03-03T14:22:30+01:00","status":{"groupId":3,"id":5}`,
			campaign.Receipt{Attempt: attempt, Kind: isDelivered, At: providertest.At("2026-03-03T13:22:30Z")}),
		result("a time that JSON cannot hold", `"messageId":"`+id+`","doneAt":"9999-12-31T23:59:59.000-0100","status":{"groupId":3,"id":5}`, about(isDelivered, "")),
		result("a number for an id", `"messageId":817790313235066447,"status":{"groupId":3,"id":5}`, campaign.Receipt{ProviderID: "817790313235066447", Kind: isDelivered}),
		suggestion("a tap that opens an address", "https://example.com/sale", id,
			campaign.Receipt{Attempt: attempt, Kind: campaign.ReceiptRead, At: providertest.At("2026-03-03T14:22:30Z")}),
		suggestion("a tap that opens an address, of nothing", "https://example.com/sale", "", wrote("Basta così")),
		suggestion("a tap that asks to stop", "STOP", id, wrote("STOP")),
		result("a tapped button", `"from":"393401234567","receivedAt":"2026-03-03T14:22:30.000+0000","messageId":"theirs","message":{"type":"INTERACTIVE_BUTTON_REPLY","id":"1","title":"Yes"}`, said("Yes")),
		result("media", `"from":"393401234567","receivedAt":"2026-03-03T14:22:30.000+0000","messageId":"theirs","message":{"type":"IMAGE","url":"https://example.com/i"}`, said("")),
		result("a user without a number", `"from":"IT.1349120865530274191","receivedAt":"2026-03-03T14:22:30.000+0000","messageId":"theirs","contact":{"userId":"IT.1","phoneNumber":"393401234567"},"message":{"type":"TEXT","text":"Ciao"}`, said("Ciao")),
		result("inbound without an id", `"from":"+393401234567","receivedAt":"x","text":"Ciao"`,
			campaign.Receipt{ProviderID: provider.InboundID("+393401234567", "x", "Ciao"), Kind: campaign.ReceiptInbound, From: "+393401234567", Channel: campaign.SMS, Text: "Ciao"}),
		{Name: "marketing resumed", Body: []byte(`{"content":{"from":"393401234567","notificationMessagesStatus":"resume"}}`),
			Want: []campaign.Receipt{{ProviderID: provider.InboundID("marketing", "+393401234567", "resume", ""), Kind: campaign.ReceiptInbound, From: "+393401234567", Text: "resume"}}},
		{Name: "a notification that nobody defined", Body: []byte(`{"notificationType":"OPENED","messageId":"` + id + `"}`), Want: []campaign.Receipt{about(campaign.ReceiptUnknown, "notification OPENED")}},
		{Name: "a click long past", Body: []byte(`{"notificationType":"CLICKED","messageId":"` + id + `","sendDateTime":9223372036854775807}`), Want: []campaign.Receipt{about(campaign.ReceiptRead, "")}},
	}
}

func TestUnreadableCallbacks(t *testing.T) {
	p := adapter(t)
	for name, body := range map[string]string{
		"no kind":               `{"messageId":"x"}`,
		"no results":            `{"results":null}`,
		"content of no kind":    `{"content":{"from":"393401234567"}}`,
		"marketing of nobody":   `{"content":{"from":"MyBrand","notificationMessagesStatus":"stop"}}`,
		"a click on nothing":    `{"notificationType":"CLICKED"}`,
		"a result of no kind":   `{"results":[{"messageId":"x"}]}`,
		"a result without id":   `{"results":[{"status":{"groupId":3,"id":5}}]}`,
		"a result in words":     `{"results":["delivered"]}`,
		"a status in words":     `{"results":[{"messageId":"x","status":"DELIVERED"}]}`,
		"an object for an id":   `{"results":[{"messageId":{},"status":{"groupId":3,"id":5}}]}`,
		"inbound from a name":   `{"results":[{"from":"MyBrand","receivedAt":"x","text":"STOP"}]}`,
		"inbound from no one":   `{"results":[{"receivedAt":"x","text":"STOP"}]}`,
		"inbound, not a number": `{"results":[{"from":"1234","receivedAt":"x","text":"STOP"}]}`,
	} {
		providertest.CheckUnreadable(t, name, p, providertest.Post("application/json", body))
	}
	if _, _, err := p.Receipts(httptest.NewRequest(http.MethodGet, "/?messageId=x", nil)); err == nil {
		t.Error("a GET was read")
	}
}

func TestOneBadResultDoesNotSpoilTheRest(t *testing.T) {
	r := providertest.Post("", `{"results":[
		{"messageId":"a","status":{"groupId":3,"id":5}},
		{"messageId":"b","status":"what"},
		{"messageId":"c","seenAt":"2026-03-03T14:22:30.000+0000"}]}`)
	providertest.CheckBeside(t, adapter(t), r, "result 2", "a", "c")
}

// TestAWholeBucket has as many reports in one callback as a subscription can ask for.
func TestAWholeBucket(t *testing.T) {
	var one struct{ Results []json.RawMessage }
	if err := json.Unmarshal(providertest.Example(t, "rcs-dlr-delivered-callback"), &one); err != nil {
		t.Fatal(err)
	}
	bucket := func(n int) *http.Request {
		return providertest.Post("application/json", string(providertest.JSON(map[string]any{"results": slices.Repeat(one.Results, n)})))
	}
	const most = 2000
	receipts, _, err := adapter(t).Receipts(bucket(most))
	if err != nil || len(receipts) != most {
		t.Errorf("%d receipts, error %v; want %d", len(receipts), err, most)
	}
	providertest.CheckUnreadable(t, "one more", adapter(t), bucket(most+1))
}

// What the marketing switch and a stop button become is what asks for no more.
func TestStopsAreStops(t *testing.T) {
	for _, c := range callbacks() {
		for _, r := range c.Want {
			stop := c.Example == "whatsapp-marketing-stop-callback" || c.Name == "a tap that asks to stop"
			if campaign.IsStop(r.Text) != stop {
				t.Errorf("%s: %q asks to stop: %t, want %t", c.Name, r.Text, !stop, stop)
			}
		}
	}
}

func FuzzReceipts(f *testing.F) { providertest.FuzzReceipts(f, adapter(f), callbacks()) }
