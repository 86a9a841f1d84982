package wab

import (
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/provider/providertest"
)

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
	unknown := func(reason string) provider.Outcome {
		return provider.Outcome{Kind: provider.Unknown, Fault: true, Reason: reason}
	}
	throttled := provider.Outcome{Kind: provider.Postponed, Throttled: true, Reason: "meta 130429: too many messages of this sender"}
	patient := throttled
	patient.RetryAfter = 7 * time.Second
	meta := func(code string) string {
		return `{"error": "Bad Request", "message": "(#` + code + `) failed for +64123456879", "statusCode": 400}`
	}
	return []providertest.Answer{
		{Name: "as documented", Status: 202, Example: "send-response", Want: accepted(answeredID)},
		{Name: "without an id", Status: 202, Body: `[{"status": "Accepted"}]`, Want: accepted("")},
		{Name: "another status", Status: 202, Body: `[{"id": "x", "status": "rejected"}]`, Want: of(provider.Refused, "status rejected")},
		{Name: "no status", Status: 202, Body: `[{"id": "x"}]`, Want: unknown("http 202: unreadable answer")},
		{Name: "no list", Status: 202, Body: `{"id": "x", "status": "accepted"}`, Want: unknown("http 202: unreadable answer")},

		{Name: "400", Status: 400, Example: "error-400-response", Want: of(provider.Refused, "http 400: WhatsApp Cloud API error")},
		{Name: "422", Status: 422, Example: "error-422-response", Want: of(provider.Refused, "http 422: Unprocessable Entity")},
		{Name: "422 of a field", Status: 422, Body: `{"errors": [{"field": "text", "code": "too_long"}]}`, Want: of(provider.Refused, "http 422: text: too_long")},
		{Name: "401", Status: 401, Body: meta("131026"), Want: misconfigured(provider.AccountScope, "http 401: (##) failed for …")},
		{Name: "403", Status: 403, Want: misconfigured(provider.AccountScope, "http 403")},
		{Name: "404", Status: 404, Want: misconfigured(provider.AccountScope, "http 404")},
		{Name: "409", Status: 409, Want: misconfigured(provider.LaneScope, "http 409")},
		{Name: "429", Status: 429, Want: provider.Outcome{Kind: provider.Postponed, Throttled: true, Reason: "http 429"}},
		{Name: "500", Status: 500, Body: meta("131026"), Want: unknown("http 500: (##) failed for …")},
		{Name: "503", Status: 503, Want: unknown("http 503")},

		{Name: "meta 131026", Status: 400, Body: meta("131026"), Want: of(provider.Refused, "meta 131026: cannot be delivered to this person")},
		{Name: "meta 131050", Status: 400, Body: meta("131050"), Want: of(provider.OptedOut, "meta 131050: the person stopped marketing messages")},
		{Name: "meta 131056", Status: 400, Body: meta("131056"), Want: of(provider.Unavailable, "meta 131056: too many messages to this person")},
		{Name: "meta 131042", Status: 400, Body: meta("131042"), Want: misconfigured(provider.LaneScope, "meta 131042: payment problem: settle it in Meta's billing")},
		{Name: "meta 130429", Status: 400, Body: meta("130429"), Want: throttled},
		{Name: "meta 130429 with a time", Status: 400, Body: meta("130429"), Header: map[string]string{"Retry-After": "7"}, Want: patient},
		{Name: "meta in a 422", Status: 422, Body: `{"errors": [{"code": "132001"}]}`, Want: misconfigured(provider.LaneScope, "meta 132001: no such template: check name and language")},
		{Name: "meta's code that nobody described", Status: 400, Body: meta("135999"), Want: of(provider.Refused, "http 400: (##) failed for …")},

		{Name: "sms, a UUID", Channel: campaign.SMS, Status: 200, Body: `["` + answeredID + `"]`, Want: accepted(answeredID)},
		{Name: "sms, a larger number than a float holds", Channel: campaign.SMS, Status: 200, Body: `[9007199254740993]`, Want: accepted("9007199254740993")},
		{Name: "sms, no id", Channel: campaign.SMS, Status: 200, Body: `[null]`, Want: unknown("http 200: unreadable answer")},
		{Name: "sms, an object", Channel: campaign.SMS, Status: 200, Body: `[{"id": 1}]`, Want: unknown("http 200: unreadable answer")},
		{Name: "sms send_failed", Channel: campaign.SMS, Status: 400, Example: "sms-v1-error-response",
			Want: provider.Outcome{Kind: provider.Unavailable, Fault: true, Reason: "http 400: Could not queue message due to an unknown error"}},
		{Name: "sms send_failed", Channel: campaign.SMS, Status: 500, Body: `{"error": "send_failed"}`,
			Want: provider.Outcome{Kind: provider.Unavailable, Fault: true, Reason: "http 500: send_failed"}},
		{Name: "sms invalid_json", Channel: campaign.SMS, Status: 400, Body: `{"error": "invalid_json"}`, Want: misconfigured(provider.LaneScope, "http 400: invalid_json")},
		{Name: "sms missing_attrib", Channel: campaign.SMS, Status: 422, Body: `{"error": "missing_attrib"}`, Want: misconfigured(provider.LaneScope, "http 422: missing_attrib")},
		{Name: "sms invalid_attrib", Channel: campaign.SMS, Status: 400, Body: `{"error": "invalid_attrib", "error-desc": "destination"}`, Want: of(provider.Invalid, "http 400: destination")},
		{Name: "sms, the status decides", Channel: campaign.SMS, Status: 401, Body: `{"error": "invalid_attrib"}`, Want: misconfigured(provider.AccountScope, "http 401: invalid_attrib")},
		{Name: "sms, meta's code", Channel: campaign.SMS, Status: 400, Body: meta("131042"), Want: of(provider.Refused, "http 400: (##) failed for #")},
		{Name: "sms's code in whatsapp", Status: 400, Body: `{"error": "send_failed"}`, Want: of(provider.Refused, "http 400: send_failed")},
	}
}

func FuzzAnswer(f *testing.F) { providertest.FuzzAnswer(f, outcome, secret, credentials) }
