package infobip

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/provider/providertest"
)

const secret = "K3y-of-the-account"

func TestConformance(t *testing.T) {
	providertest.Run(t, providertest.Kit{
		Provider:  "infobip",
		New:       opened(func(*Config) {}),
		Secrets:   []string{secret},
		Sends:     sends(),
		Answers:   documentedAnswers(),
		Callbacks: callbacks(),
		Refusal: func(words string) []byte {
			return providertest.JSON(map[string]any{"messages": []any{map[string]any{
				"status": map[string]any{"groupId": 5, "id": 42, "name": "REJECTED", "description": words},
			}}})
		},
		Aside: map[string]string{
			"sms-full-request":        "three people in one request: one request is one person here",
			"rcs-capability-request":  "it is asked before an attempt: TestWhoHasRCS",
			"rcs-capability-response": "likewise",
			"subscription-request":    "the account's owner subscribes to callbacks once",
		},
	})
}

// opened makes an adapter of the examples' account with a change.
func opened(change func(*Config)) providertest.Open {
	return func(baseURL string, client *provider.Client) (providertest.Adapter, error) {
		c := account(baseURL)
		change(&c)
		return New(c, client)
	}
}

// account has the senders of the examples.
func account(baseURL string) Config {
	return Config{
		BaseURL:  baseURL,
		APIKey:   provider.NewSecret(secret),
		WhatsApp: &Sender{Sender: "+441134960000"},
		RCS:      &Sender{Sender: "DemoSender"},
		SMS:      &Sender{Sender: "InfoSMS"},
	}
}

func adapter(t testing.TB) *Provider {
	t.Helper()
	return providertest.Made(t, New, account(providertest.Nowhere))
}

var attempt = providertest.AttemptID

// unwanted is our id, and what the examples have and our requests leave out: reports are
// a matter of the account's subscription, for a notifyUrl bears no credentials, and
// callbackData is for people.
func unwanted(prefix, id string, more ...string) map[string]any {
	ours := map[string]any{prefix + "messageId": id}
	for _, field := range more {
		ours[prefix+field] = nil
	}
	return ours
}

func sends() []providertest.Send {
	const to = campaign.Destination("+441134960001")
	id := attempt.String()
	theirs := provider.Outcome{Kind: provider.Accepted, ProviderID: "a28dd97c-1ffb-4fcf-99f1-0b557ed381da"}
	send := func(example, path, leg string, to campaign.Destination, yes string, ours map[string]any) providertest.Send {
		return providertest.Send{
			Example: example, Path: path, Leg: leg, To: to, Yes: yes, Want: theirs, Ours: ours,
			Row:    campaign.Variables{"one": "Placeholder Value 1", "two": "Placeholder Value 2", "page": "docs", "text": "Some text"},
			Header: map[string]string{"Authorization": "App " + secret, "Content-Type": "application/json"},
		}
	}
	links := func(o URLOptions) providertest.Open {
		return opened(func(c *Config) { c.WhatsApp.URLOptions = &o })
	}
	template := send("whatsapp-template-request", "/whatsapp/1/message/template",
		`channel: whatsapp, template: {name: template_name, language: en_GB, parameters: ["{one}", "{two}"]}`, to,
		"whatsapp-template-response", unwanted("messages.0.", id, "callbackData", "notifyUrl"))
	template.New = links(URLOptions{ShortenURL: true, TrackClicks: true,
		TrackingURL: provider.NewSecret("https://example.com/click-report"), RemoveProtocol: true})
	tracked := send("whatsapp-template-tracked-url-request", "/whatsapp/1/message/template",
		`channel: whatsapp, template: {name: media_template_with_dynamic_url_button, language: en, parameters: [], buttons: ["{page}"]}`, to,
		"whatsapp-template-response", unwanted("messages.0.", id))
	tracked.New = links(URLOptions{ShortenURL: true, TrackClicks: true,
		TrackingURL: provider.NewSecret("https://client.customDomain.com/click-report"), CustomDomain: "client.customDomain.com"})
	text := send("whatsapp-text-request", "/whatsapp/1/message/text", `channel: whatsapp, text: "{text}"`, to,
		"whatsapp-text-response", unwanted("", id, "callbackData", "notifyUrl"))
	text.New = links(URLOptions{ShortenURL: true, TrackClicks: true,
		TrackingURL: provider.NewSecret("https://example.com/click-report"), RemoveProtocol: true})
	rcs := send("rcs-text-request", "/rcs/2/messages", `channel: rcs, wait: 15m, text: "{text}"`, to, "rcs-response", map[string]any{
		"messages.0.destinations.0.messageId": id,
		"messages.0.options": map[string]any{
			"campaignReferenceId": "spring-sale",
			"validityPeriod":      map[string]any{"amount": 855, "timeUnit": "SECONDS"}, // a little less than the wait
		},
	})
	sms := send("sms-request", "/sms/3/messages", "channel: sms, wait: 24h, text: This is a sample message", "+41793026727", "sms-response", map[string]any{
		"messages.0.destinations.0.messageId": id,
		"messages.0.options": map[string]any{
			"campaignReferenceId": "spring-sale", "validityPeriod": map[string]any{"amount": 82080, "timeUnit": "SECONDS"},
		},
		"options": map[string]any{"includeSmsCountInResponse": true},
	})
	sms.Want = provider.Outcome{Kind: provider.Accepted, Parts: 1, ProviderID: "2250be2d4219-3af1-78856-aabe-1362af1edfd2"}
	shortened := sms
	shortened.Name, shortened.Ours = "sms with tracked links", maps.Clone(sms.Ours)
	shortened.Ours["options"] = map[string]any{"includeSmsCountInResponse": true, "tracking": map[string]any{"shortenUrl": true, "trackClicks": true}}
	shortened.New = opened(func(c *Config) { c.SMS.URLOptions = &URLOptions{ShortenURL: true, TrackClicks: true} })
	chained := send("rcs-text-sms-failover-request", "/rcs/2/messages", `channel: rcs, wait: 15m, text: "{text}", suggestions: [{type: reply, text: Example text, value: Example postback data}]`,
		to, "rcs-response", map[string]any{
			"messages.0.destinations.0.messageId": id,
			"messages.0.options": map[string]any{
				"campaignReferenceId": "spring-sale",
				"validityPeriod":      map[string]any{"amount": 427, "timeUnit": "SECONDS"}, // each has half of the wait
				"smsFailover": map[string]any{"sender": "InfoSMS", "text": "Some failover text",
					"validityPeriod": map[string]any{"amount": 427, "timeUnit": "SECONDS"}},
			},
			"messages.0.webhooks": map[string]any{"delivery": map[string]any{"receiveTriggeredFailoverReports": true}},
		})
	chained.Then = []string{"channel: sms, text: Some failover text"}
	failover := template
	failover.Name, failover.Ours, failover.Then = "whatsapp with an sms to fall back to", maps.Clone(template.Ours), []string{`channel: sms, text: "{text}"`}
	failover.Ours["messages.0.smsFailover"] = map[string]any{"from": "InfoSMS", "text": "Some text"}
	return []providertest.Send{template, tracked, text, rcs, sms, shortened, chained, failover}
}

func documentedAnswers() []providertest.Answer {
	refused := func(kind provider.Kind, scope provider.Scope, reason string) provider.Outcome {
		return provider.Outcome{Kind: kind, Scope: scope, Reason: reason}
	}
	maybe := func(reason string) provider.Outcome {
		return provider.Outcome{Kind: provider.Unknown, Fault: true, Reason: reason}
	}
	answers := []providertest.Answer{
		{Name: "our own id comes back", Status: 200, Body: `{"messages": [{"messageId": "` + strings.ToUpper(attempt.String()) + `", "status": {"groupId": 0, "id": 0}}]}`, Want: accepted},
		{Name: "no id comes back", Status: 200, Body: `{"status": {"groupId": 1, "id": 99}}`, Want: accepted},
		{Name: "a yes beside nonsense", Status: 200, Body: `{"bulkId": 7, "messages": [{"messageId": {}, "messageCount": "one", "status": {"groupId": 1, "id": 26}}]}`, Want: accepted},
		{Name: "three parts", Channel: campaign.SMS, Status: 200, Body: `{"messages": [{"status": {"groupId": 1, "id": 26}, "details": {"messageCount": 3}}]}`, Want: provider.Outcome{Kind: provider.Accepted, Parts: 3}},
		{Name: "rejected in the inner object", Status: 200, Body: `{"status": {"groupId": 5, "id": 12}}`, Want: refused(provider.Misconfigured, provider.AccountScope, "status 12 no credit left: top up the account")},
		{Name: "an id twice", Channel: campaign.SMS, Status: 200, Body: `{"messages": [{"status": {"groupId": 5, "groupName": "REJECTED", "id": 23, "name": "REJECTED_DUPLICATE_MESSAGE_ID"}}]}`, Want: accepted},
		{Name: "too fast for the provider behind", Status: 200, Header: map[string]string{"Retry-After": "7"}, Body: `{"status": {"groupId": 2, "id": 4}, "error": {"groupId": 1, "id": 7017}}`,
			Want: provider.Outcome{Kind: provider.Postponed, Throttled: true, RetryAfter: 7 * time.Second, Reason: "error 7017 too fast: lower the lane's limit"}},
		{Name: "400 of WhatsApp", Status: 400, Example: "whatsapp-template-error-400-response", Want: refused(provider.Refused, 0, "http 400: content.templateData.header.placeholder: cannot have new-line/tab char")},
		{Name: "400 of SMS", Status: 400, Example: "sms-error-400-response", Want: refused(provider.Refused, 0, "http 400: property.path: Violation message.")},
		{Name: "401", Status: 401, Example: "error-401-response", Want: refused(provider.Misconfigured, provider.AccountScope, "http 401: Unauthorized")},
		{Name: "403", Status: 403, Want: refused(provider.Misconfigured, provider.AccountScope, "http 403")},
		{Name: "404", Status: 404, Want: refused(provider.Misconfigured, provider.AccountScope, "http 404")},
		{Name: "415, of which nobody speaks", Status: 415, Want: refused(provider.Misconfigured, provider.LaneScope, "http 415")},
		{Name: "429, older", Status: 429, Example: "error-429-response", Want: provider.Outcome{Kind: provider.Postponed, Throttled: true, Reason: "http 429: Too many requests"}},
		{Name: "429, newer", Channel: campaign.SMS, Status: 429, Header: map[string]string{"Retry-After": "30"}, Example: "error-e429-response",
			Want: provider.Outcome{Kind: provider.Postponed, Throttled: true, RetryAfter: 30 * time.Second, Reason: "http 429: Too many requests sent."}},
		{Name: "500", Status: 500, Body: "<html>", Want: maybe("http 500")},
		{Name: "503", Status: 503, Want: maybe("http 503")},
	}
	for name, body := range map[string]string{
		"no status":                   `{"messages": [{"messageId": "x"}]}`,
		"a status without a group":    `{"messages": [{"status": {"id": 26, "name": "PENDING_ACCEPTED"}}]}`,
		"a group that is no number":   `{"messages": [{"status": {"groupId": true, "id": 26}}]}`,
		"a group that is an object":   `{"messages": [{"status": {"groupId": {}, "id": 26}}]}`,
		"a group that nobody defined": `{"messages": [{"status": {"groupId": 6, "id": 1}}]}`,
		"two messages for one":        `{"messages": [{"status": {"groupId": 1}}, {"status": {"groupId": 5}}]}`,
	} {
		answers = append(answers, providertest.Answer{Name: name, Status: 200, Body: body, Want: maybe("http 200: unreadable answer")})
	}
	return answers
}
