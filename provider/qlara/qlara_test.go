package qlara

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
		Provider:  "qlara",
		New:       opened(func(*Config) {}),
		Secrets:   []string{secret},
		Sends:     sends(),
		Answers:   documentedAnswers(),
		Callbacks: callbacks(),
		Refusal: func(words string) []byte {
			return providertest.JSON(map[string]any{"results": map[string]any{"whatsapp": map[string]any{
				"accepted": false, "reasons": []string{words},
			}}})
		},
		Aside: map[string]string{
			"old-whatsapp-send-request":  "the older generation, which is never sent",
			"old-phone-numbers-response": "the account's owner asks for it, to fill in phone_number_id",
			"webhook-register-request":   "the account's owner registers the callback's address once",
			"webhook-register-response":  "likewise",
			"status-poll-response":       "an answer to a question about a message, not to a send",
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

var attempt = providertest.AttemptID

// send is a leg and the documented request and yes. Every request of ours has an id, the
// campaign's, and says that we want to be notified; ours are further differences.
func send(example, yes, leg string, to campaign.Destination, row campaign.Variables, want provider.Outcome, ours map[string]any) providertest.Send {
	fields := map[string]any{"messageId": attempt.String(), "campaignId": "spring-sale", "enableNotification": true}
	maps.Copy(fields, ours)
	channel, _, _ := strings.Cut(example, "-")
	return providertest.Send{
		Leg: leg, To: to, Row: row,
		Path:    map[string]string{"whatsapp": whatsappPath, "rcs": rcsPath, "sms": smsPath}[channel],
		Header:  map[string]string{"X-Api-Key": secret, "Content-Type": "application/json"},
		Example: example, Ours: fields,
		Yes: yes, Want: want,
	}
}

// The examples' answers bear other ids than ours, so each becomes the ProviderID.
func sends() []providertest.Send {
	const mario = "+393401234567"
	whatsapp := func(example, leg string, row campaign.Variables) providertest.Send {
		return send(example, "whatsapp-send-response", "channel: whatsapp, "+leg, mario, row,
			provider.Outcome{Kind: provider.Accepted, ProviderID: "e76614d1-4ac1-4d94-89f0-d07f1b5a190c"}, nil)
	}
	rcs := func(example, leg string, ours map[string]any) providertest.Send {
		return send(example, "rcs-send-response", "channel: rcs, "+leg, mario, campaign.Variables{"name": "Mario"},
			provider.Outcome{Kind: provider.Accepted, ProviderID: "5b0b2f52-5c0f-4c2f-9d4e-1f1f6a3c9f10"}, ours)
	}
	document := whatsapp("whatsapp-send-document-request",
		`body: {document: {url: "https://example.com/docs/fattura-marzo-2025.pdf", filename: Fattura_Marzo_2025.pdf, caption: In allegato la fattura di marzo 2025}}`, nil)
	document.Campaign = "fatture-marzo-2025"
	delete(document.Ours, "campaignId")
	rcsTemplate := rcs("rcs-send-template-request", `template: {id: 10, placeholders: [name]}`, nil)
	rcsTemplate.Campaign = "promo-2026-04"
	delete(rcsTemplate.Ours, "campaignId")
	sms := send("sms-send-request", "sms-send-response",
		`channel: sms, text: "Ciao {nome}, il tuo ordine #ORD-20260409 e stato confermato! Consegna prevista: {giorno}. Tracking: https://techstore.it/t/TRK789"`,
		"+393471234567", campaign.Variables{"nome": "Marco", "giorno": "11 aprile"},
		provider.Outcome{Kind: provider.Accepted, Parts: 1, ProviderID: "f47ac10b-58cc-4372-a567-0e02b2c3d479"},
		map[string]any{"skipRcsOverride": true}) // an SMS is to stay one
	sms.Campaign = "conferma-ordini-2026-04"
	delete(sms.Ours, "campaignId")
	simulated := whatsapp("whatsapp-send-text-request", `simulation: true, body: {text: {body: "Ciao {nome}! Grazie per averci contattato. Il tuo ordine è in fase di preparazione."}}`, campaign.Variables{"nome": "Mario"})
	simulated.Name, simulated.Ours["simulation"] = "a leg that is a simulation", true
	quiet := whatsapp("whatsapp-send-tracked-link-request", `template: {id: 42, placeholders: [shortLinkT1]}`, campaign.Variables{"shortLinkT1": "https://www.example.com/landing-page"})
	quiet.Name, quiet.Ours["enableNotification"], quiet.Ours["simulation"] = "an account that is a simulation and wants no notifications", false, true
	quiet.New = opened(func(c *Config) {
		c.Simulation, c.WhatsApp.Notifications = true, Notifications{Receipts: "none", Enable: new(bool)}
	})
	chained := send("whatsapp-send-provider-fallback-request", "whatsapp-send-provider-fallback-response", "channel: whatsapp, template: {id: 42, placeholders: [nome]}",
		mario, campaign.Variables{"nome": "Mario"}, provider.Outcome{Kind: provider.Accepted, ProviderID: "e76614d1-4ac1-4d94-89f0-d07f1b5a190c"},
		map[string]any{"fallbackSms.sender": "TechStore"})
	chained.Then = []string{
		"channel: rcs, template: {id: 10, placeholders: []}",
		`channel: sms, text: "Ciao {nome}, abbiamo una promozione per te! Visita il nostro sito per i dettagli."`,
	}
	return []providertest.Send{
		whatsapp("whatsapp-send-template-request", `template: {id: 42, media_url: "https://example.com/images/{file}.jpg", placeholders: [nome, codiceSconto]}`,
			campaign.Variables{"nome": "Mario", "codiceSconto": "SPRING25", "file": "promo"}),
		whatsapp("whatsapp-send-tracked-link-request", `template: {id: 42, placeholders: [shortLinkT1]}`,
			campaign.Variables{"shortLinkT1": "https://www.example.com/landing-page"}),
		whatsapp("whatsapp-send-text-request", `text: "Ciao {nome}! Grazie per averci contattato. Il tuo ordine è in fase di preparazione."`,
			campaign.Variables{"nome": "Mario"}),
		whatsapp("whatsapp-send-image-request", `body: {image: {url: "https://example.com/images/ricevuta-ordine.jpg", caption: "Ecco la ricevuta del tuo ordine #{ordine}"}}`,
			campaign.Variables{"ordine": "12345"}),
		document,
		rcsTemplate,
		rcs("rcs-send-text-request", `text: "Ciao {name}, benvenuto nel nostro servizio!", suggestions: [
			{type: url, text: Sito, value: "https://agiletelecom.com"}, {type: dial, text: Chiama, value: "+39037224525"}]`,
			map[string]any{"body.text": "Ciao Mario, benvenuto nel nostro servizio!", "placeholders": nil}), // texts come filled
		sms,
		simulated,
		quiet,
		chained,
	}
}

func documentedAnswers() []providertest.Answer {
	misconfigured := func(s provider.Scope, reason string) provider.Outcome {
		return provider.Outcome{Kind: provider.Misconfigured, Scope: s, Reason: reason}
	}
	throttled := func(wait time.Duration) provider.Outcome {
		return provider.Outcome{Kind: provider.Postponed, Throttled: true, RetryAfter: wait,
			Reason: "http 429: Rate limit exceeded. Please retry after 12 seconds."}
	}
	ownID := `{"messageId": "` + attempt.String() + `", "results": {"whatsapp": {"accepted": true}}}`
	answers := []providertest.Answer{
		{Name: "our own id comes back", Status: 200, Body: ownID, Want: provider.Outcome{Kind: provider.Accepted}},
		{Name: "no id comes back", Status: 200, Body: `{"results": {"whatsapp": {"accepted": true, "reasons": null}}}`, Want: provider.Outcome{Kind: provider.Accepted}},
		{Name: "a yes beside nonsense", Status: 200, Body: `{"messageId": 7, "results": {"whatsapp": {"accepted": true, "reasons": "none"}, "rcs": 1}}`, Want: provider.Outcome{Kind: provider.Accepted}},
		{Name: "three parts", Channel: campaign.SMS, Status: 200, Body: `{"results": {"sms": {"accepted": true, "unicode": true, "parts": 3}}}`, Want: provider.Outcome{Kind: provider.Accepted, Parts: 3}},
		{Example: "whatsapp-send-provider-fallback-response", Status: 200, Want: provider.Outcome{Kind: provider.Accepted, ProviderID: "e76614d1-4ac1-4d94-89f0-d07f1b5a190c"}},
		{Example: "old-whatsapp-send-response", Status: 200, Want: provider.Outcome{Kind: provider.Unknown, Fault: true, Reason: "http 200: unreadable answer"}},
		{Example: "whatsapp-send-not-accepted-response", Status: 200, Want: provider.Outcome{Kind: provider.Refused, Reason: "template not approved"}},
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
		{Example: "error-429-response", Status: 429, Want: throttled(12 * time.Second)},
		{Name: "429 by the header, which is larger", Status: 429, Example: "error-429-response", Header: map[string]string{"Retry-After": "30"}, Want: throttled(30 * time.Second)},
		{Name: "429 by its body, which is larger", Status: 429, Example: "error-429-response", Header: map[string]string{"Retry-After": "3"}, Want: throttled(12 * time.Second)},
		{Name: "429 in words", Status: 429, Body: `{"retryAfter": "2.5"}`, Want: provider.Outcome{Kind: provider.Postponed, Throttled: true, RetryAfter: 2500 * time.Millisecond, Reason: "http 429"}},
	}
	for name, body := range map[string]string{
		"result of another channel": `{"results": {"rcs": {"accepted": true}, "whatsapp": null}}`,
		"accepted in words":         `{"results": {"whatsapp": {"accepted": "true"}}}`,
		"accepted missing":          `{"results": {"whatsapp": {}}}`,
	} {
		answers = append(answers, providertest.Answer{Name: name, Status: 200, Body: body,
			Want: provider.Outcome{Kind: provider.Unknown, Fault: true, Reason: "http 200: unreadable answer"}})
	}
	return answers
}
