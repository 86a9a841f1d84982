package simulator

import (
	"net/http"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
)

// qlara speaks as Qlara (Agile Telecom) does: the current generation of its API.
type qlara struct{}

func (qlara) card() Provider {
	return Provider{Name: "qlara", Title: "Qlara", Base: "/api", Access: "any api_key that does not begin with bad"}
}

// qlaraPaths gives a path with and without the prefix that a base URL may hold.
func qlaraPaths[T any](path string, v T, into map[string]T) {
	method, path, _ := strings.Cut(path, " ")
	into[method+" "+path] = v
	into[method+" /api"+path] = v
}

func (q qlara) desks() map[string]desk {
	out := map[string]desk{}
	for _, ch := range campaign.Channels() {
		read := func(body []byte) (message, []string) { return q.read(ch, body) }
		qlaraPaths("POST /message-server/"+ch.String()+"/send", desk{ch, jsonMedia, read}, out)
	}
	return out
}

func (q qlara) asks() map[string]question {
	out := map[string]question{}
	qlaraPaths("GET /partner-gateway/v1/messages/status/{id}", question(q.status), out)
	qlaraPaths("GET /partner-gateway/v1/messages/status", question(q.statuses), out)
	qlaraPaths("GET /message-server/whatsapp/templates", question(q.templates), out)
	qlaraPaths("GET /message-server/whatsapp/phone-numbers", question(q.phoneNumbers), out)
	return out
}

// Qlara also documents HTTP Basic; only the preferred header is played.
func (qlara) credential(r *http.Request) string { return r.Header.Get("X-Api-Key") }

func (q qlara) answer(m message, v verdict) reply {
	if v.yes() {
		return q.results(m, nil)
	}
	switch v.answer {
	case Duplicate:
		return q.failure(http.StatusConflict, usedBefore)
	case Refused:
		return q.results(m, v.reasons)
	case Throttled:
		return q.throttled(v)
	case Malformed:
		return q.failure(v.status, v.reasons...)
	case Unauthorised:
		return q.failure(http.StatusUnauthorized, "X-Api-Key is missing or not known")
	}
	if v.outage {
		return q.failure(http.StatusServiceUnavailable, "the service is away, try later")
	}
	return q.failure(http.StatusInternalServerError, "internal error, try later")
}

// qlaraResult is one channel's part of an answer. WhatsApp has no reasons where it is
// accepted; where it is not, they are assumed, as with the other channels.
type qlaraResult struct {
	Accepted bool      `json:"accepted"`
	Unicode  *bool     `json:"unicode,omitempty"`
	Parts    int       `json:"parts,omitempty"`
	Reasons  *[]string `json:"reasons,omitempty"`
}

// results answers 200; with reasons against it the message is not accepted.
func (qlara) results(m message, against []string) reply {
	result := qlaraResult{Accepted: len(against) == 0}
	if m.channel != campaign.WhatsApp || !result.Accepted {
		reasons := append([]string{}, against...)
		result.Reasons = &reasons
	}
	if m.channel == campaign.SMS {
		result.Unicode, result.Parts = &m.unicode, m.parts
	}
	results := map[string]any{m.channel.String(): result}
	if m.channel == campaign.WhatsApp {
		results["rcs"], results["sms"] = nil, nil
	}
	for _, l := range m.also {
		of := qlaraResult{Accepted: result.Accepted, Reasons: &[]string{}}
		if l.channel == campaign.SMS {
			of.Unicode, of.Parts = &l.unicode, l.parts
		}
		results[l.channel.String()] = of
	}
	return reply{status: http.StatusOK, body: encode(map[string]any{
		"messageId": m.id, "simulation": m.dryRun, "results": results,
	})}
}

// qlaraError is documented for 429, and assumed for the other codes. reasons is ours.
type qlaraError struct {
	Status     int      `json:"status"`
	Error      string   `json:"error"`
	Message    string   `json:"message"`
	RetryAfter int      `json:"retryAfter,omitempty"` // seconds
	Reasons    []string `json:"reasons,omitempty"`
}

func (qlara) throttled(v verdict) reply {
	return reply{status: http.StatusTooManyRequests, retryAfter: v.wait, body: encode(qlaraError{
		Status: http.StatusTooManyRequests, Error: http.StatusText(http.StatusTooManyRequests),
		Message: "Rate limit exceeded.", RetryAfter: seconds(v.wait),
	})}
}

func (qlara) failure(status int, reasons ...string) reply {
	return reply{status: status, body: encode(qlaraError{
		Status: status, Error: http.StatusText(status), Message: strings.Join(reasons, "; "), Reasons: reasons,
	})}
}
