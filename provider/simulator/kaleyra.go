package simulator

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
)

// kaleyra speaks as Kaleyra does: WhatsApp v1, SMS v1 and RCS. Its answers and status
// reports are documented for WhatsApp, and assumed to be alike for SMS and RCS. The
// form in which a message is a GET is not played: it would leave numbers in logs.
type kaleyra struct{}

func (kaleyra) card() Provider {
	return Provider{Name: "kaleyra", Title: "Kaleyra", Access: "any sid, and any api_key that does not begin with bad",
		Signs: []string{basicSigning, headerSigning}}
}

func (k kaleyra) desks() map[string]desk {
	return map[string]desk{
		"POST /v1/{sid}/messages":     {campaign.WhatsApp, formMedia, k.readWhatsApp},
		"POST /v1/{sid}/rcs/messages": {campaign.RCS, jsonMedia, k.readRCS}, // on a host of its own
		"POST /v1/{sid}/sms":          {campaign.SMS, formMedia, k.readSMS},
	}
}

func (kaleyra) asks() map[string]question { return nil }

func (kaleyra) credential(r *http.Request) string { return r.Header.Get("api-key") }

func (k kaleyra) answer(m message, v verdict) reply {
	if v.yes() {
		return k.taken(m)
	}
	switch v.answer {
	case Duplicate:
		return k.failure(http.StatusBadRequest, map[string]string{"ref": usedBefore})
	case Refused:
		return k.failure(http.StatusBadRequest, map[string]string{"to": v.reasons[0]})
	case Throttled:
		r := k.failure(http.StatusTooManyRequests, "too many requests")
		r.retryAfter = v.wait
		return r
	case Malformed:
		return k.failure(v.status, kaleyraFaults(v.reasons))
	case Unauthorised:
		return k.failure(http.StatusUnauthorized, "api-key is missing or not known")
	}
	if v.outage {
		return k.failure(http.StatusServiceUnavailable, "the service is away, try later")
	}
	return k.failure(http.StatusInternalServerError, "internal error, try later")
}

// kaleyraTime is the layout of createdDateTime.
const kaleyraTime = "2006-01-02 15:04:05-07:00"

func (kaleyra) taken(m message) reply {
	var says struct{ Type, Body, Text string }
	_ = json.Unmarshal(m.content, &says) // it was encoded here
	return reply{status: http.StatusOK, body: encode(map[string]any{
		"id": m.given, "type": says.Type, "body": says.Body + says.Text,
		"createdDateTime": m.at.UTC().Format(kaleyraTime), "totalCount": 1,
		"data":  []any{map[string]string{"message_id": kaleyraID(m), "recipient": bare(m.to)}},
		"error": map[string]any{},
	})}
}

// kaleyraID is what status reports call the message: the request's id and its place in
// the list of recipients.
func kaleyraID(m message) string { return m.given + ":0" }

// failure has the trouble by field, or in one text. Which of them comes when is
// documented for a wrong number only.
func (kaleyra) failure(status int, trouble any) reply {
	return reply{status: status, body: encode(map[string]any{"error": trouble})}
}

// kaleyraFaults puts the documented codes before what is wrong with from and to, and
// with parameters that hold HTML. Where the codes stand is assumed.
func kaleyraFaults(problems []string) map[string]string {
	out := map[string]string{}
	for _, p := range problems {
		at, what := placed(p)
		field, _, _ := strings.Cut(at, "[")
		switch code := kaleyraCodes[field]; {
		case what == holdsHTML:
			out[field] = "E413: " + what
		case code != "":
			out[field] = code + ": " + what
		default:
			out[field] = what
		}
	}
	return out
}

var kaleyraCodes = map[string]string{"from": "E13008", "to": "E13009"}
