package kaleyra

import (
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/provider/providertest"
)

// documentedAnswers go to the first send, whose number of X is none, but where another
// channel is named.
func documentedAnswers() []providertest.Answer {
	misconfigured := func(s provider.Scope, reason string) provider.Outcome {
		return provider.Outcome{Kind: provider.Misconfigured, Scope: s, Reason: reason}
	}
	of := func(k provider.Kind, reason string) provider.Outcome {
		return provider.Outcome{Kind: k, Reason: reason}
	}
	accepted := func(id string) provider.Outcome {
		return provider.Outcome{Kind: provider.Accepted, ProviderID: id}
	}
	later := func(reason string) provider.Outcome {
		return provider.Outcome{Kind: provider.Unavailable, Fault: true, Reason: reason}
	}
	sender := misconfigured(provider.LaneScope, "http 400: E13008: the sender is refused: check from")
	unreadable := provider.Outcome{Kind: provider.Unknown, Fault: true, Reason: "http 200: unreadable answer"}
	return []providertest.Answer{
		{Name: "202", Status: 202, Example: "whatsapp-response", Want: accepted(answeredID)},
		{Name: "a yes beside nonsense", Status: 200, Body: `{"id": 1, "data": [{"message_id": 7, "recipient": {}}], "error": null}`, Want: accepted("7")},
		{Name: "our text names a code", Status: 200, Body: `{"body": "E13009", "data": [{"message_id": "m:0"}], "error": {}}`, Want: accepted("m:0")},
		{Name: "no message", Status: 200, Body: `{"id": "x", "data": [], "error": {}}`, Want: of(provider.Refused, "the answer holds no message")},
		{Name: "a message without an id", Status: 200, Body: `{"data": [{"recipient": "1202"}], "error": {}}`, Want: unreadable},
		{Name: "an id of the request alone", Status: 200, Body: `{"id": "x", "error": {}}`, Want: unreadable},
		{Name: "error in words", Status: 200, Body: `{"data": [], "error": "plan ended"}`, Want: of(provider.Refused, "plan ended")},
		{Name: "error in a list", Status: 200, Body: `{"error": [1]}`, Want: of(provider.Refused, "the answer holds an error")},
		{Name: "error beside nonsense", Status: 200, Body: `{"data": {}, "error": "plan ended"}`, Want: of(provider.Refused, "plan ended")},
		{Name: "data of another kind", Status: 200, Body: `{"data": {"message_id": "m"}, "error": {}}`, Want: unreadable},
		{Name: "error beside an id", Status: 200, Body: `{"data": [{"message_id": "m"}], "error": {"from": "not yours"}}`, Want: misconfigured(provider.LaneScope, "from: not yours")},
		{Name: "error with a code", Status: 200, Body: `{"error": {"code": "E413", "message": "HTML"}}`, Want: of(provider.Refused, "E413: a value holds HTML")},

		{Name: "number", Status: 400, Example: "whatsapp-error-response", Want: of(provider.Invalid, "http 400: to: invalid number")},
		{Name: "number by its code", Status: 400, Body: `{"error": "E13009"}`, Want: of(provider.Invalid, "http 400: E13009: the number is refused")},
		{Name: "the number is not shown", Channel: campaign.SMS, Status: 400, Body: `{"error": {"to": "invalid number +91XXXXXXXXXX"}}`, Want: of(provider.Invalid, "http 400: to: invalid number …")},
		{Name: "sender", Status: 400, Body: `{"code": "E13008"}`, Want: sender},
		{Name: "sender before the number", Status: 400, Body: `<p>E13009, E13008</p>`, Want: sender},
		{Name: "sender by its key", Status: 422, Body: `{"error": {"from": ["?"], "note": "x"}}`, Want: misconfigured(provider.LaneScope, "http 422: from; note: x")},
		{Name: "html", Status: 400, Body: `{"errors": [{"code": "E413"}]}`, Want: of(provider.Refused, "http 400: E413: a value holds HTML")},
		{Name: "our text names a code", Status: 400, Body: `{"body": "E13008", "message": "no"}`, Want: of(provider.Refused, "http 400: no")},
		{Name: "anything else", Status: 400, Want: of(provider.Refused, "http 400")},
		{Name: "nobody speaks of it", Status: 405, Want: misconfigured(provider.LaneScope, "http 405")},
		{Name: "the status decides", Status: 401, Body: `{"error": {"to": "E13009"}}`, Want: misconfigured(provider.AccountScope, "http 401: to: E#")},
		{Name: "403", Status: 403, Want: misconfigured(provider.AccountScope, "http 403")},
		{Name: "404", Status: 404, Body: `{"message": "no such SID"}`, Want: misconfigured(provider.AccountScope, "http 404: no such SID")},
		{Name: "429", Status: 429, Want: provider.Outcome{Kind: provider.Postponed, Throttled: true, Reason: "http 429"}},
		{Name: "500", Status: 500, Body: `{"error": {"to": "x"}}`, Want: later("http 500: to: x")},
		{Name: "503", Status: 503, Want: later("http 503")},

		{Name: "rcs, as whatsapp", Channel: campaign.RCS, Status: 200, Body: `{"id": "r", "data": [{"message_id": "m"}]}`, Want: accepted("m")},
		{Name: "rcs, an id alone", Channel: campaign.RCS, Status: 200, Body: `{"id": "r"}`, Want: accepted("r")},
		{Name: "rcs, anything else", Channel: campaign.RCS, Status: 200, Body: `{"status": "ok"}`, Want: accepted("")},
		{Name: "rcs, no", Channel: campaign.RCS, Status: 200, Body: `{"id": "r", "error": {"to": "no rcs"}}`, Want: of(provider.Invalid, "to: no rcs")},
		{Name: "rcs, no JSON", Channel: campaign.RCS, Status: 200, Body: `welcome`, Want: unreadable},
		{Name: "rcs, null", Channel: campaign.RCS, Status: 200, Body: `null`, Want: unreadable},
	}
}

// A number that is one, and refused all the same, may be one on another channel.
func TestRefusedNumber(t *testing.T) {
	t.Parallel()
	for to, want := range map[campaign.Destination]provider.Kind{"+12025550199": provider.Refused, "+1202": provider.Invalid} {
		for _, body := range []string{`{"error": {"to": "invalid number"}}`, `E13009`} {
			x := provider.Exchange{Written: true, Status: 400, Body: []byte(body)}
			if got := outcome(x, campaign.Attempt{To: to}, nil); got.Kind != want {
				t.Errorf("%s about %s became %+v, want %s", body, to, got, want)
			}
		}
	}
}

func FuzzAnswer(f *testing.F) { providertest.FuzzAnswer(f, outcome, secret) }
