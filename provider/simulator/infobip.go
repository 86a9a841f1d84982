package simulator

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// infobip speaks as Infobip does. Its reports are posted; that they can also be asked
// for is not played.
type infobip struct{}

func (infobip) card() Provider {
	return Provider{Name: "infobip", Title: "Infobip", Access: "any api_key that does not begin with bad",
		Signs: []string{basicSigning, headerSigning, hmacSigning}}
}

func (b infobip) desks() map[string]desk {
	out := map[string]desk{
		"POST /whatsapp/1/message/template": {campaign.WhatsApp, jsonMedia, b.readTemplate},
		"POST /rcs/2/messages":              {campaign.RCS, jsonMedia, b.readRCS},
		"POST /sms/3/messages":              {campaign.SMS, jsonMedia, b.readSMS},
	}
	for kind, content := range infobipContents {
		shape := infobipFreeForm(content)
		read := func(body []byte) (message, []string) { return b.readFreeForm(shape, body) }
		out["POST /whatsapp/1/message/"+kind] = desk{campaign.WhatsApp, jsonMedia, read}
	}
	return out
}

func (b infobip) asks() map[string]question {
	return map[string]question{"POST /rcs/2/capability-check/query": b.capability}
}

// Infobip also documents Basic and OAuth2; only the API key is played.
func (infobip) credential(r *http.Request) string {
	if key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "App "); ok {
		return key
	}
	return ""
}

func (b infobip) answer(m message, v verdict) reply {
	if v.yes() {
		return b.status(m, b.accepted(m.channel))
	}
	switch v.answer {
	case Duplicate:
		return b.status(m, infobipDuplicate)
	case Refused:
		return b.status(m, infobipRefusal(v.reasons[0]))
	case Throttled:
		return b.failure(m.channel, infobipTrouble{status: http.StatusTooManyRequests, wait: v.wait,
			word: "TOO_MANY_REQUESTS", says: "Too many requests"})
	case Malformed:
		return b.failure(m.channel, infobipTrouble{status: v.status, word: "BAD_REQUEST", says: "Bad request", problems: v.reasons})
	case Unauthorised:
		return b.failure(m.channel, infobipTrouble{status: http.StatusUnauthorized, word: "UNAUTHORIZED", says: "Unauthorized"})
	}
	if v.outage {
		return b.failure(m.channel, infobipTrouble{status: http.StatusServiceUnavailable,
			word: "SERVICE_UNAVAILABLE", says: "Service is temporarily unavailable"})
	}
	return b.status(m, infobipTryLater)
}

func (infobip) accepted(ch campaign.Channel) infobipStatus {
	return pick(ch, infobipEnroute, infobipAccepted, infobipAccepted)
}

// status answers 200, which says no more than that the request was understood.
func (infobip) status(m message, s infobipStatus) reply {
	one := map[string]any{"messageId": m.id, "status": s}
	if m.channel == campaign.WhatsApp {
		one["to"], one["messageCount"] = bare(m.to), 1
	} else {
		one["destination"] = bare(m.to)
	}
	if m.channel == campaign.SMS {
		one["details"] = map[string]any{"messageCount": m.parts}
	}
	if m.way == infobipFree {
		return reply{status: http.StatusOK, body: encode(one)}
	}
	return reply{status: http.StatusOK, body: encode(map[string]any{"messages": []any{one}, "bulkId": m.given})}
}

// bare is the number without its plus.
func bare(to campaign.Destination) string { return strings.TrimPrefix(to.E164(), "+") }

// infobipTrouble is what an answer other than 200 says.
type infobipTrouble struct {
	status   int
	wait     time.Duration
	word     string
	says     string
	problems []string
}

// failure is in the older envelope on WhatsApp, and in the newer one elsewhere. Both
// are documented for 400, 401 and 429, and assumed for the other codes.
func (b infobip) failure(ch campaign.Channel, t infobipTrouble) reply {
	body := infobipEnvelope(t)
	if ch == campaign.WhatsApp {
		body = infobipOldEnvelope(t)
	}
	return reply{status: t.status, retryAfter: t.wait, body: encode(body)}
}

func infobipOldEnvelope(t infobipTrouble) any {
	trouble := map[string]any{"messageId": t.word, "text": t.says}
	if len(t.problems) > 0 {
		found := map[string][]string{}
		for _, p := range t.problems {
			at, what := placed(p)
			found[at] = append(found[at], what)
		}
		trouble["validationErrors"] = found
	}
	return map[string]any{"requestError": map[string]any{"serviceException": trouble}}
}

func infobipEnvelope(t infobipTrouble) any {
	found := []map[string]string{}
	for _, p := range t.problems {
		at, what := placed(p)
		found = append(found, map[string]string{"property": at, "violation": what})
	}
	return map[string]any{
		"errorCode": "E" + strconv.Itoa(t.status), "description": t.says,
		"action": "Check the request against the documentation.", "violations": found, "resources": []any{},
	}
}
