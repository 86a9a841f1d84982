package qlara

import (
	"cmp"
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
			return providertest.JSON(map[string]any{"results": map[string]any{"whatsapp": map[string]any{
				"accepted": false, "reasons": []string{words},
			}}})
		},
	})
}

// account has the ids and the sender of the examples.
func account(baseURL string) Config {
	return Config{
		BaseURL:  baseURL,
		APIKey:   provider.NewSecret(secret),
		WhatsApp: &WhatsApp{PhoneNumberID: 5},
		RCS:      &RCS{AgentID: 1},
		SMS:      &SMS{Sender: "TechStore"},
	}
}

func adapter(t testing.TB) *Provider {
	t.Helper()
	return providertest.Made(t, New, account(providertest.Nowhere))
}

// attempt is the first try of the campaign's message on its second leg.
var attempt = campaign.IDKey{1}.Message("spring-sale", "+393401234567", "").Attempt(1, 0)

// ours is what we put into every request besides the example's fields.
func ours(more map[string]any) map[string]any {
	fields := map[string]any{"messageId": attempt.String(), "campaignId": "spring-sale", "enableNotification": true}
	for name, value := range more {
		fields[name] = value
	}
	return fields
}

// send is an attempt of this content and the documented request and yes.
func send(t *testing.T, request, yes string, a campaign.Attempt, want provider.Outcome, more map[string]any) providertest.Send {
	a.ID, a.CampaignID, a.To = attempt, "spring-sale", cmp.Or(a.To, "+393401234567")
	paths := map[campaign.Channel]string{campaign.WhatsApp: whatsappPath, campaign.RCS: rcsPath, campaign.SMS: smsPath}
	return providertest.Send{
		Name:    request,
		Attempt: a,
		Path:    paths[a.Channel],
		Header:  map[string]string{"X-Api-Key": secret, "Content-Type": "application/json"},
		Example: providertest.Example(t, request),
		Ours:    ours(more),
		Yes:     providertest.Example(t, yes),
		Want:    want,
	}
}

// The examples' answers bear other ids than ours, so each becomes the ProviderID.
func sends(t *testing.T) []providertest.Send {
	whatsapp := func(request string, c campaign.Content, v campaign.Variables) providertest.Send {
		return send(t, request, "whatsapp-send-response", campaign.Attempt{Channel: campaign.WhatsApp, Content: c, Variables: v},
			provider.Outcome{Kind: provider.Accepted, ProviderID: "e76614d1-4ac1-4d94-89f0-d07f1b5a190c"}, nil)
	}
	rcs := func(request string, c campaign.Content, v campaign.Variables, more map[string]any) providertest.Send {
		return send(t, request, "rcs-send-response", campaign.Attempt{Channel: campaign.RCS, Content: c, Variables: v},
			provider.Outcome{Kind: provider.Accepted, ProviderID: "5b0b2f52-5c0f-4c2f-9d4e-1f1f6a3c9f10"}, more)
	}
	return []providertest.Send{
		whatsapp("whatsapp-send-template-request",
			campaign.Content{Template: &campaign.Template{ID: 42, MediaURL: "https://example.com/images/promo.jpg"}},
			campaign.Variables{"nome": "Mario", "codiceSconto": "SPRING25"}),
		whatsapp("whatsapp-send-tracked-link-request",
			campaign.Content{Template: &campaign.Template{ID: 42}},
			campaign.Variables{"shortLinkT1": "https://www.example.com/landing-page"}),
		whatsapp("whatsapp-send-text-request",
			campaign.Content{Text: "Ciao Mario! Grazie per averci contattato. Il tuo ordine è in fase di preparazione."}, nil),
		whatsapp("whatsapp-send-image-request", campaign.Content{Media: &campaign.Media{
			Kind: "image", URL: "https://example.com/images/ricevuta-ordine.jpg", Caption: "Ecco la ricevuta del tuo ordine #12345",
		}}, nil),
		whatsapp("whatsapp-send-document-request", campaign.Content{Media: &campaign.Media{
			Kind: "document", URL: "https://example.com/docs/fattura-marzo-2025.pdf",
			Filename: "Fattura_Marzo_2025.pdf", Caption: "In allegato la fattura di marzo 2025",
		}}, nil),
		rcs("rcs-send-template-request",
			campaign.Content{Template: &campaign.Template{ID: 10}}, campaign.Variables{"name": "Mario"}, nil),
		rcs("rcs-send-text-request", campaign.Content{
			Text: "Ciao {name}, benvenuto nel nostro servizio!",
			Suggestions: []campaign.Suggestion{
				{Type: "url", Text: "Sito", Value: "https://agiletelecom.com"},
				{Type: "dial", Text: "Chiama", Value: "+39037224525"},
			},
		}, nil, map[string]any{"placeholders": nil}), // texts come filled
		send(t, "sms-send-request", "sms-send-response", campaign.Attempt{
			Channel: campaign.SMS, To: "+393471234567",
			Content: campaign.Content{Text: "Ciao Marco, il tuo ordine #ORD-20260409 e stato confermato! Consegna prevista: 11 aprile. Tracking: https://techstore.it/t/TRK789"},
		}, provider.Outcome{Kind: provider.Accepted, Parts: 1, ProviderID: "f47ac10b-58cc-4372-a567-0e02b2c3d479"},
			map[string]any{"skipRcsOverride": true}),
	}
}

func documentedAnswers(t *testing.T) []providertest.Answer {
	misconfigured := func(s provider.Scope, reason string) provider.Outcome {
		return provider.Outcome{Kind: provider.Misconfigured, Scope: s, Reason: reason}
	}
	throttled := func(wait time.Duration) provider.Outcome {
		return provider.Outcome{Kind: provider.Postponed, Throttled: true, RetryAfter: wait,
			Reason: "http 429: Rate limit exceeded. Please retry after 12 seconds."}
	}
	tooMany := string(providertest.Example(t, "error-429-response"))
	ownID := `{"messageId": "` + attempt.String() + `", "results": {"whatsapp": {"accepted": true}}}`
	answers := []providertest.Answer{
		{Name: "our own id comes back", Status: 200, Body: ownID, Want: provider.Outcome{Kind: provider.Accepted}},
		{Name: "no id comes back", Status: 200, Body: `{"results": {"whatsapp": {"accepted": true, "reasons": null}}}`, Want: provider.Outcome{Kind: provider.Accepted}},
		{Name: "a yes beside nonsense", Status: 200, Body: `{"messageId": 7, "results": {"whatsapp": {"accepted": true, "reasons": "none"}, "rcs": 1}}`, Want: provider.Outcome{Kind: provider.Accepted}},
		{Name: "three parts", Channel: campaign.SMS, Status: 200, Body: `{"results": {"sms": {"accepted": true, "unicode": true, "parts": 3}}}`, Want: provider.Outcome{Kind: provider.Accepted, Parts: 3}},
		{Name: "not accepted", Status: 200, Body: string(providertest.Example(t, "whatsapp-send-not-accepted-response")), Want: provider.Outcome{Kind: provider.Refused, Reason: "template not approved"}},
		{Name: "400", Status: 400, Body: `{"message": "destination +393401234567 is malformed"}`, Want: provider.Outcome{Kind: provider.Refused, Reason: "http 400: destination … is malformed"}},
		{Name: "401", Status: 401, Want: misconfigured(provider.AccountScope, "http 401")},
		{Name: "402", Status: 402, Body: `{"error": "no credit"}`, Want: misconfigured(provider.AccountScope, "http 402: no credit")},
		{Name: "403", Status: 403, Body: `{"error": "Forbidden"}`, Want: misconfigured(provider.AccountScope, "http 403: Forbidden")},
		{Name: "404", Status: 404, Body: `{"message": "template not found"}`, Want: misconfigured(provider.LaneScope, "http 404: template not found")},
		{Name: "405, of which nobody speaks", Status: 405, Want: misconfigured(provider.LaneScope, "http 405")},
		{Name: "408", Status: 408, Want: provider.Outcome{Kind: provider.Unavailable, Fault: true, Reason: "http 408"}},
		{Name: "409", Status: 409, Want: provider.Outcome{Kind: provider.Unknown, Reason: "http 409"}},
		{Name: "413", Status: 413, Want: provider.Outcome{Kind: provider.Refused, Reason: "http 413"}},
		{Name: "415", Status: 415, Want: misconfigured(provider.AccountScope, "http 415")},
		{Name: "422", Status: 422, Body: `{"message": "template not approved"}`, Want: provider.Outcome{Kind: provider.Refused, Reason: "http 422: template not approved"}},
		{Name: "500", Status: 500, Body: "<html>", Want: provider.Outcome{Kind: provider.Unavailable, Fault: true, Reason: "http 500"}},
		{Name: "503", Status: 503, Want: provider.Outcome{Kind: provider.Unavailable, Fault: true, Reason: "http 503"}},
		{Name: "429 by its body", Status: 429, Body: tooMany, Want: throttled(12 * time.Second)},
		{Name: "429 by the header, which is larger", Status: 429, Body: tooMany, Header: map[string]string{"Retry-After": "30"}, Want: throttled(30 * time.Second)},
		{Name: "429 by its body, which is larger", Status: 429, Body: tooMany, Header: map[string]string{"Retry-After": "3"}, Want: throttled(12 * time.Second)},
		{Name: "429 in words", Status: 429, Body: `{"retryAfter": "2.5"}`, Want: provider.Outcome{Kind: provider.Postponed, Throttled: true, RetryAfter: 2500 * time.Millisecond, Reason: "http 429"}},
	}
	for name, body := range map[string]string{
		"result of another channel": `{"results": {"rcs": {"accepted": true}, "whatsapp": null}}`,
		"accepted in words":         `{"results": {"whatsapp": {"accepted": "true"}}}`,
		"accepted missing":          `{"results": {"whatsapp": {}}}`,
		"the older generation":      `{"messageId": "wamid.X", "results": [{"destination": "+39", "accepted": true}]}`,
	} {
		answers = append(answers, providertest.Answer{Name: name, Status: 200, Body: body,
			Want: provider.Outcome{Kind: provider.Unknown, Fault: true, Reason: "http 200: unreadable answer"}})
	}
	return answers
}
