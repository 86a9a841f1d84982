package simulator

import (
	"net/url"
	"strings"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// qlaraNumber is the company's own, to which people answer. The documentation does not
// say how it follows from a phoneNumberId or an agentId.
const qlaraNumber = "+393209998877"

// qlaraCodes are the statusCodes that are documented.
var qlaraCodes = map[kind]int{isDelivered: 3, isUndeliverable: 6}

func (q qlara) callback(m message, n news, at time.Time) letter {
	at = at.UTC()
	switch {
	case n.kind == isStop && m.channel == campaign.SMS:
		return q.inboundSMS(m, at)
	case n.kind == isStop:
		return asJSON(q.inbound(m, at))
	case n.kind == isRead:
		return asJSON(q.receipt(m, "READ", at))
	case m.channel == campaign.SMS:
		return asJSON(q.deliverySMS(m, n, at))
	}
	body := q.receipt(m, "DELIVERY", at)
	body["statusCode"], body["description"] = qlaraCodes[n.kind], n.kind.String()
	return asJSON(body)
}

// receipt is what the WhatsApp and RCS callbacks DELIVERY and READ have in common.
func (qlara) receipt(m message, event string, at time.Time) map[string]any {
	return map[string]any{
		"channel":     strings.ToUpper(m.channel.String()),
		"eventType":   event,
		"messageId":   m.id,
		"destination": m.to.E164(),
		"eventDate":   at.Format(time.RFC3339),
	}
}

// deliverySMS is the SMS callback: other names, one for each part, and no destination.
func (qlara) deliverySMS(m message, n news, at time.Time) map[string]any {
	word := n.kind.String()
	return map[string]any{
		"channel":           "SMS",
		"eventType":         "DELIVERY",
		"messageId":         m.id,
		"statusCode":        qlaraCodes[n.kind],
		"statusDescription": strings.ToUpper(word[:1]) + word[1:],
		"price":             0.035,
		"numPart":           n.part,
		"totalParts":        m.parts,
		"timestamp":         at.Format(time.RFC3339),
	}
}

func (qlara) inbound(m message, at time.Time) map[string]any {
	return map[string]any{
		"channel":      strings.ToUpper(m.channel.String()),
		"eventType":    "INBOUND",
		"messageId":    "inbound-" + m.id,
		"source":       m.to.E164(),
		"destination":  qlaraNumber,
		"receivedDate": at.Format("2006-01-02T15:04:05.000Z"),
		"messageType":  "TEXT",
		"text":         "STOP",
	}
}

// inboundSMS is a form, unlike all else, and has to be answered with +OK exactly.
func (qlara) inboundSMS(m message, at time.Time) letter {
	l := asForm(url.Values{
		"originator":  {m.to.E164()},
		"destination": {qlaraNumber},
		"date_time":   {at.Format("20060102150405")},
		"text":        {"STOP"},
	})
	l.mustAnswer = "+OK"
	return l
}
