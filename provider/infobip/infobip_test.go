package infobip

import (
	"encoding/json"
	"strconv"
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
		New: func(baseURL string, client *provider.Client) (providertest.Adapter, error) {
			return New(account(baseURL), client)
		},
		Secrets:   []string{secret},
		Sends:     sends(t),
		Answers:   documentedAnswers(t),
		Callbacks: callbacks(t),
		Refusal: func(words string) []byte {
			return providertest.JSON(map[string]any{"messages": []any{map[string]any{
				"status": map[string]any{"groupId": 5, "id": 42, "name": "REJECTED", "description": words},
			}}})
		},
	})
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

// edited is an example with other values at some paths, as messages.0.to; nil takes
// the field away.
func edited(t testing.TB, name string, values map[string]any) []byte {
	t.Helper()
	var root any
	if err := json.Unmarshal(providertest.Example(t, name), &root); err != nil {
		t.Fatal(err)
	}
	for path, value := range values {
		steps := strings.Split(path, ".")
		last := steps[len(steps)-1]
		at := root
		for _, step := range steps[:len(steps)-1] {
			if list, ok := at.([]any); ok {
				i, err := strconv.Atoi(step)
				if err != nil {
					t.Fatal(err)
				}
				at = list[i]
				continue
			}
			at = at.(map[string]any)[step]
		}
		if value == nil {
			delete(at.(map[string]any), last)
		} else {
			at.(map[string]any)[last] = value
		}
	}
	return providertest.JSON(root)
}

func adapter(t testing.TB) *Provider {
	t.Helper()
	return providertest.Made(t, New, account(providertest.Nowhere))
}

// attempt is the first try of the campaign's message on its second leg.
var attempt = campaign.IDKey{1}.Message("spring-sale", "+441134960001", "").Attempt(1, 0)

func sends(t *testing.T) []providertest.Send {
	id := attempt.String()
	send := func(name, path string, example, yes []byte, want provider.Outcome, a campaign.Attempt) providertest.Send {
		a.ID, a.CampaignID = attempt, "spring-sale"
		return providertest.Send{
			Name: name, Attempt: a, Path: path, Example: example, Yes: yes, Want: want,
			Header: map[string]string{"Authorization": "App " + secret, "Content-Type": "application/json"},
		}
	}
	theirs := provider.Outcome{Kind: provider.Accepted, ProviderID: "a28dd97c-1ffb-4fcf-99f1-0b557ed381da"}
	noReports := map[string]any{"messageId": id, "callbackData": nil, "notifyUrl": nil, "urlOptions": nil}
	inFirst := map[string]any{}
	for field, value := range noReports {
		inFirst["messages.0."+field] = value
	}
	return []providertest.Send{
		send("whatsapp template", "/whatsapp/1/message/template",
			edited(t, "whatsapp-template-request", inFirst), providertest.Example(t, "whatsapp-template-response"), theirs,
			campaign.Attempt{Channel: campaign.WhatsApp, To: "+441134960001", Validity: time.Hour, Content: campaign.Content{Template: &campaign.Template{
				Name: "template_name", Language: "en_GB", Parameters: []string{"Placeholder Value 1", "Placeholder Value 2"},
			}}}),
		send("whatsapp text", "/whatsapp/1/message/text",
			edited(t, "whatsapp-text-request", noReports), providertest.Example(t, "whatsapp-text-response"), theirs,
			campaign.Attempt{Channel: campaign.WhatsApp, To: "+441134960001", Content: campaign.Content{Text: "Some text"}}),
		send("rcs text", "/rcs/2/messages",
			edited(t, "rcs-text-request", map[string]any{
				"messages.0.destinations.0.messageId": id,
				"messages.0.options": map[string]any{
					"campaignReferenceId": "spring-sale",
					"validityPeriod":      map[string]any{"amount": 855, "timeUnit": "SECONDS"},
				},
			}), providertest.Example(t, "rcs-response"), theirs,
			campaign.Attempt{Channel: campaign.RCS, To: "+441134960001", Validity: 15 * time.Minute, Content: campaign.Content{Text: "Some text"}}),
		send("sms", "/sms/3/messages",
			edited(t, "sms-request", map[string]any{
				"messages.0.destinations.0.messageId": id,
				"messages.0.options":                  map[string]any{"campaignReferenceId": "spring-sale"},
				"options":                             map[string]any{"includeSmsCountInResponse": true},
			}), providertest.Example(t, "sms-response"),
			provider.Outcome{Kind: provider.Accepted, Parts: 1, ProviderID: "2250be2d4219-3af1-78856-aabe-1362af1edfd2"},
			campaign.Attempt{Channel: campaign.SMS, To: "+41793026727", Content: campaign.Content{Text: "This is a sample message"}}),
	}
}

func documentedAnswers(t *testing.T) []providertest.Answer {
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
		{Name: "400 of WhatsApp", Status: 400, Body: string(providertest.Example(t, "whatsapp-template-error-400-response")), Want: refused(provider.Refused, 0, "http 400: content.templateData.header.placeholder: cannot have new-line/tab char")},
		{Name: "400 of SMS", Status: 400, Body: string(providertest.Example(t, "sms-error-400-response")), Want: refused(provider.Refused, 0, "http 400: property.path: Violation message.")},
		{Name: "401", Status: 401, Body: string(providertest.Example(t, "error-401-response")), Want: refused(provider.Misconfigured, provider.AccountScope, "http 401: Unauthorized")},
		{Name: "403", Status: 403, Want: refused(provider.Misconfigured, provider.AccountScope, "http 403")},
		{Name: "404", Status: 404, Want: refused(provider.Misconfigured, provider.AccountScope, "http 404")},
		{Name: "415, of which nobody speaks", Status: 415, Want: refused(provider.Misconfigured, provider.LaneScope, "http 415")},
		{Name: "429, older", Status: 429, Body: string(providertest.Example(t, "error-429-response")), Want: provider.Outcome{Kind: provider.Postponed, Throttled: true, Reason: "http 429: Too many requests"}},
		{Name: "429, newer", Channel: campaign.SMS, Status: 429, Header: map[string]string{"Retry-After": "30"}, Body: string(providertest.Example(t, "error-e429-response")),
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
