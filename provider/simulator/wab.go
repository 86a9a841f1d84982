package simulator

import (
	"encoding/binary"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"github.com/seed-438792ba/cascade/campaign"
)

// wab speaks as Mobile Gateway WAB does, and as the SMS API of the same gateway in its
// versions 1 and 2. It has no RCS.
type wab struct{}

func (wab) card() Provider {
	return Provider{Name: "wab", Title: "Mobile Gateway WAB", Access: "any username that does not begin with bad, with any password"}
}

func (g wab) desks() map[string]desk {
	return map[string]desk{
		"POST /rest/wab/v1/messages": {campaign.WhatsApp, jsonMedia, g.readWhatsApp},
		"POST /rest/gateway/messages": {campaign.SMS, jsonMedia, func(body []byte) (message, []string) {
			return g.readSMS(wabFirst, body)
		}},
		"POST /rest/sms/v2/messages": {campaign.SMS, jsonMedia, func(body []byte) (message, []string) {
			return g.readSMS(wabSecond, body)
		}},
	}
}

func (wab) asks() map[string]question { return nil }

func (wab) credential(r *http.Request) string {
	name, password, given := r.BasicAuth()
	if !given || name == "" || password == "" {
		return ""
	}
	return name + ":" + password
}

func (g wab) answer(m message, v verdict) reply {
	if m.channel == campaign.SMS {
		return g.answerSMS(m, v)
	}
	if v.yes() {
		return g.accepted(m)
	}
	switch v.answer {
	case Duplicate:
		return g.invalid(http.StatusUnprocessableEntity, []string{"reference: " + usedBefore})
	case Refused:
		if v.reasons[0] == invalidNumber {
			return g.invalid(http.StatusUnprocessableEntity, []string{"destination: " + invalidNumber})
		}
		return g.failure(http.StatusBadRequest, "(#131026) Message undeliverable")
	case Malformed:
		return g.invalid(wabStatus(v), v.reasons)
	case Unavailable:
		if !v.outage {
			return g.failure(http.StatusBadRequest, "(#131016) Service unavailable")
		}
	}
	return g.turnedAway(v)
}

// accepted is documented for WhatsApp, and assumed for version 2 of the SMS API.
func (wab) accepted(m message) reply {
	return reply{status: http.StatusAccepted, body: encode([]any{
		map[string]string{"id": m.given, "status": "accepted", "reference": m.echo},
	})}
}

// wabStatus is documented for what cannot be validated, and assumed where it cannot
// even be read.
func wabStatus(v verdict) int {
	if v.status == http.StatusBadRequest {
		return http.StatusUnprocessableEntity
	}
	return v.status
}

// invalid names every field that is wrong. The words of code are assumed.
func (wab) invalid(status int, problems []string) reply {
	found := []map[string]string{}
	for _, p := range problems {
		at, what := placed(p)
		found = append(found, map[string]string{"field": at, "code": "invalid", "description": what})
	}
	return reply{status: status, body: encode(map[string]any{"errors": found})}
}

// failure passes on what Meta said.
func (wab) failure(status int, says string) reply {
	return reply{status: status, body: encode(map[string]any{
		"error": http.StatusText(status), "message": "WhatsApp Cloud API error: " + says, "statusCode": status,
	})}
}

// turnedAway is what comes before a message is looked at; none of it is documented.
func (wab) turnedAway(v verdict) reply {
	status, says := http.StatusServiceUnavailable, "the service is away, try later"
	switch v.answer {
	case Throttled:
		status, says = http.StatusTooManyRequests, "too many requests"
	case Unauthorised:
		status, says = http.StatusUnauthorized, "name or password are missing or not known"
	}
	return reply{status: status, retryAfter: v.wait, body: encode(map[string]any{
		"error": http.StatusText(status), "message": says, "statusCode": status,
	})}
}

// answerSMS has the words of the SMS API, which both versions share.
func (g wab) answerSMS(m message, v verdict) reply {
	if v.yes() && m.way == wabSecond {
		return g.accepted(m)
	}
	if v.yes() {
		return reply{status: http.StatusOK, body: encode([]int64{wabNumber(m.given)})}
	}
	switch v.answer {
	case Duplicate:
		return g.failureSMS(http.StatusBadRequest, "invalid_attrib", usedBefore)
	case Refused:
		return g.failureSMS(http.StatusBadRequest, "invalid_attrib", v.reasons[0])
	case Malformed:
		return g.failureSMS(v.status, wabCode(v.reasons), strings.Join(v.reasons, "; "))
	case Unavailable:
		if !v.outage {
			return g.failureSMS(http.StatusBadRequest, "send_failed", "Could not queue message due to an unknown error")
		}
	}
	return g.turnedAway(v)
}

func (wab) failureSMS(status int, code, says string) reply {
	return reply{status: status, body: encode(map[string]string{"error": code, "error-desc": says})}
}

// wabCode is the documented word for the first of the problems.
func wabCode(problems []string) string {
	switch at, what := placed(problems[0]); {
	case at == "body" && strings.Contains(what, "JSON"):
		return "invalid_json"
	case what == "is missing":
		return "missing_attrib"
	}
	return "invalid_attrib"
}

// wabID is what receipts call the message: a UUID, and in version 1 of the SMS API a
// whole number.
func wabID(m message) any {
	if m.way == wabFirst {
		return wabNumber(m.given)
	}
	return m.given
}

// wabNumber is small enough for everything that reads JSON.
func wabNumber(given string) int64 {
	id := uuid.MustParse(given)
	return int64(binary.BigEndian.Uint64(id[:8]) >> 11)
}
