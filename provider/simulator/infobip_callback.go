package simulator

import (
	"strconv"
	"strings"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// callback is a list of one: Infobip may put several results into one request.
func (b infobip) callback(m message, n news, at time.Time) letter {
	at = at.UTC()
	l, to := asJSON(map[string]any{"results": []any{b.report(m, n, at)}}), m.receipts
	switch n.kind {
	case isRead:
		l, to = asJSON(map[string]any{"results": []any{b.seen(m, at)}}), m.seen
	case isStop:
		// Inbound messages go to the account's address, whatever a message asked for.
		l, to = asJSON(map[string]any{"results": []any{b.inbound(m, at)}, "messageCount": 1, "pendingMessageCount": 0}), ""
	}
	l.to = to
	return l
}

// infobipOutcome is what a report says of each kind of news.
func infobipOutcome(ch campaign.Channel, k kind) (infobipStatus, infobipError) {
	switch {
	case k == isSent:
		return infobipEnroute, infobipNoError
	case k == isDelivered:
		return infobipDelivered, infobipNoError
	case ch == campaign.SMS:
		return infobipMissed, infobipAbsent
	}
	return infobipBarred, infobipUnknown
}

func (infobip) report(m message, n news, at time.Time) map[string]any {
	status, trouble := infobipOutcome(m.channel, n.kind)
	if n.past && n.kind == isUndeliverable { // the failover is under way: documented for RCS
		status = infobipEnroute
	}
	r := map[string]any{
		"bulkId": m.given, "messageId": m.id, "to": bare(m.to), "messageCount": max(m.parts, 1),
		"price":  map[string]any{"pricePerMessage": 0.01, "currency": "EUR"},
		"sentAt": m.at.UTC().Format(infobipDate), "doneAt": at.Format(infobipDate),
		"status": status, "error": trouble,
	}
	if m.echo != "" {
		r["callbackData"] = m.echo
	}
	if len(m.also) > 0 {
		r["channel"] = strings.ToUpper(m.channel.String())
	}
	if m.channel == campaign.WhatsApp {
		r["contact"] = map[string]any{"phoneNumber": bare(m.to)}
		return r
	}
	r["sender"] = m.from
	if m.channel == campaign.RCS && m.campaignID != "" {
		r["campaignReferenceId"] = m.campaignID
	}
	return r
}

// seen goes the other way: from the person, to the sender.
func (infobip) seen(m message, at time.Time) map[string]any {
	return map[string]any{
		"messageId": m.id, "from": bare(m.to), "to": m.from,
		"sentAt": m.at.UTC().Format(infobipDate), "seenAt": at.Format(infobipDate),
	}
}

func (infobip) inbound(m message, at time.Time) map[string]any {
	r := map[string]any{
		"from": bare(m.to), "to": m.from, "receivedAt": at.Format(infobipDate),
		"price": map[string]any{"pricePerMessage": 0, "currency": "EUR"},
	}
	if m.echo != "" {
		r["callbackData"] = m.echo
	}
	if m.channel == campaign.SMS {
		r["messageId"] = strconv.FormatInt(at.UnixNano(), 10)
		r["text"], r["cleanText"], r["keyword"], r["smsCount"] = "STOP", "", "STOP", 1
		return r
	}
	r["messageId"], r["integrationType"] = "inbound-"+m.id, strings.ToUpper(m.channel.String())
	r["message"] = map[string]any{"type": "TEXT", "text": "STOP"}
	if m.channel == campaign.RCS {
		delete(r, "from")
		r["sender"], r["pairedMessageId"] = bare(m.to), m.id
	}
	return r
}
