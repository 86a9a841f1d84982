package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
)

// caller speaks to one provider as an adapter would.
type caller struct {
	name     string
	channels []campaign.Channel
	sign     func(*http.Request)
	order    func(ch campaign.Channel, to, id string) parcel
	accepted func(campaign.Channel, answered) bool
	short    func(told) string                   // a callback in a word: sent, delivered, undeliverable, read, STOP
	steps    bool                                // it tells that a message left
	reads    func(campaign.Channel) bool         // it tells that a message was read
	tryLater func(campaign.Channel) (status int) // of the answer to 0007
	refused  func(campaign.Channel) (status int) // of the answer to 0001
}

// parcel is a request, but for its signature.
type parcel struct {
	path, media string
	body        []byte
}

func (w *world) by(c caller, p parcel, set ...func(*http.Request)) answered {
	w.t.Helper()
	return w.must("POST", p.path, p.body, append([]func(*http.Request){c.sign, p.typed}, set...)...)
}

func (p parcel) typed(r *http.Request) { r.Header.Set("Content-Type", p.media) }

func jsonParcel(path string, v any) parcel { return parcel{path, "application/json", encode(v)} }

func formParcel(path string, kv ...string) parcel {
	form := url.Values{}
	for i := 0; i < len(kv); i += 2 {
		form.Set(kv[i], kv[i+1])
	}
	return parcel{path, "application/x-www-form-urlencoded", []byte(form.Encode())}
}

func (w *world) heardBy(c caller) []string {
	out := []string{}
	for _, t := range w.receiver.all() {
		out = append(out, c.short(t))
	}
	return out
}

var notSMS = func(ch campaign.Channel) bool { return ch != sms }

func always(status int) func(campaign.Channel) int {
	return func(campaign.Channel) int { return status }
}

var infobipCaller = caller{
	name: "infobip", channels: campaign.Channels(), reads: notSMS, tryLater: always(200), refused: always(200),
	sign:  func(r *http.Request) { r.Header.Set("Authorization", "App key") },
	order: infobipRequest,
	accepted: func(_ campaign.Channel, a answered) bool {
		return a.Status == 200 && fmt.Sprint(dig(a.JSON, "messages", "status", "groupId")) == "1"
	},
	short: func(t told) string {
		if word(t.JSON, "results", "message", "text")+word(t.JSON, "results", "text") == "STOP" {
			return "STOP"
		}
		if word(t.JSON, "results", "seenAt") != "" {
			return "read"
		}
		return map[string]string{
			"PENDING_ENROUTE": "sent", "DELIVERED_TO_HANDSET": "delivered",
			"UNDELIVERABLE_REJECTED_OPERATOR": "undeliverable", "UNDELIVERABLE_NOT_DELIVERED": "undeliverable",
		}[word(t.JSON, "results", "status", "name")]
	},
}

func infobipRequest(ch campaign.Channel, to, id string) parcel {
	to = strings.TrimPrefix(to, "+")
	if ch == wa {
		return jsonParcel("/whatsapp/1/message/template", map[string]any{"messages": []any{map[string]any{
			"from": "441134960000", "to": to, "messageId": id, "content": map[string]any{
				"templateName": "promo", "language": "it", "templateData": map[string]any{"body": map[string]any{"placeholders": []any{"Mario"}}},
			},
		}}})
	}
	content := map[string]any{"text": "Ciao"}
	if ch == rcs {
		content["type"] = "TEXT"
	}
	return jsonParcel(pick(ch, "", "/rcs/2/messages", "/sms/3/messages"), map[string]any{"messages": []any{map[string]any{
		"sender": "MyBrand", "destinations": []any{map[string]any{"to": to, "messageId": id}}, "content": content,
		"options": map[string]any{"campaignReferenceId": "spring"},
	}}})
}

var kaleyraCaller = caller{
	name: "kaleyra", channels: campaign.Channels(), steps: true, reads: notSMS, tryLater: always(500), refused: always(400),
	sign:  func(r *http.Request) { r.Header.Set("api-key", "key") },
	order: func(ch campaign.Channel, to, id string) parcel { return kaleyraRequest(ch, to, id) },
	accepted: func(_ campaign.Channel, a answered) bool {
		return a.Status == 200 && word(a.JSON, "data", "message_id") != ""
	},
	short: func(t told) string {
		if t.Query.Get("body") != "" {
			return t.Query.Get("body")
		}
		s := strings.ToLower(t.Query.Get("status") + t.Form.Get("status") + word(t.JSON, "status"))
		return strings.NewReplacer("undelivered", "undeliverable", "0", "undeliverable").Replace(s)
	},
}

func kaleyraRequest(ch campaign.Channel, to, id string, more ...string) parcel {
	switch ch {
	case wa:
		return formParcel("/v1/HX123/messages", append([]string{"to", to, "from", "+393209998877", "type", "template",
			"channel", "whatsapp", "template_name", "promo", "params", "Mario,SPRING25", "lang_code", "it", "ref", id}, more...)...)
	case sms:
		return formParcel("/v1/HX123/sms", append([]string{"to", to, "sender", "MyBrand", "type", "MKT", "body", "Ciao", "ref", id}, more...)...)
	}
	return jsonParcel("/v1/HX123/rcs/messages", map[string]any{"from": "agent", "to": []string{strings.TrimPrefix(to, "+")}, "text": "Ciao", "ref": id})
}

var wabCaller = caller{
	name: "wab", channels: []campaign.Channel{wa, sms}, steps: true, reads: func(campaign.Channel) bool { return false },
	tryLater: always(400), refused: func(ch campaign.Channel) int { return pick(ch, 422, 0, 400) },
	sign:  func(r *http.Request) { r.SetBasicAuth("app", "password") },
	order: wabRequest,
	accepted: func(ch campaign.Channel, a answered) bool {
		var list []any
		return json.Unmarshal(a.Text, &list) == nil && len(list) == 1 && a.Status == pick(ch, 202, 0, 200)
	},
	short: func(t told) string {
		if word(t.JSON, "content", "text", "body")+word(t.JSON, "content") == "STOP" {
			return "STOP"
		}
		return map[string]string{"sent": "sent", "received": "delivered", "rejected": "undeliverable", "failed": "undeliverable"}[word(t.JSON, "status")]
	},
}

func wabRequest(ch campaign.Channel, to, id string) parcel {
	if ch == sms {
		return jsonParcel("/rest/gateway/messages", map[string]any{"destination": to, "content": "Ciao", "source": "MyBrand", "reference": id})
	}
	return jsonParcel("/rest/wab/v1/messages", map[string]any{
		"destination": to, "source": "393209998877", "type": "text", "text": map[string]any{"body": "Ciao"}, "reference": id,
	})
}

var callers = []caller{infobipCaller, kaleyraCaller, wabCaller}

// each runs the test for every caller and channel.
func eachLane(t *testing.T, test func(t *testing.T, c caller, ch campaign.Channel)) {
	t.Helper()
	for _, c := range callers {
		for _, ch := range c.channels {
			t.Run(c.name+"."+ch.String(), func(t *testing.T) {
				t.Parallel()
				test(t, c, ch)
			})
		}
	}
}
