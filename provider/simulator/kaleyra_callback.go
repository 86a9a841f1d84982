package simulator

import (
	"net/url"
	"strconv"
	"strings"
	"time"
)

// kaleyraWords are the statuses of WhatsApp and RCS, as they come to a callback_url.
var kaleyraWords = map[kind]string{isSent: "sent", isDelivered: "delivered", isRead: "read", isUndeliverable: "0"}

// kaleyraSMSWords are those of SMS.
var kaleyraSMSWords = map[kind]string{isSent: "Sent", isDelivered: "Delivered", isUndeliverable: "Undelivered"}

// callback is a GET with id and status, as a callback_url gets it and, by assumption,
// an account's address. A profile says itself what it posts: here an object with the
// reference beside, or a form with the same if the profile's id begins with "form".
func (kaleyra) callback(m message, n news, at time.Time) letter {
	if n.kind == isStop {
		return letter{query: kaleyraInbound(m, at)}
	}
	words := pick(m.channel, kaleyraWords, kaleyraWords, kaleyraSMSWords)
	status := url.Values{"id": {kaleyraID(m)}, "status": {words[n.kind]}}
	ref, echo := "ref", m.id
	if m.echo != "" { // an SMS has a list of them
		ref, echo = "ref_custom", m.echo
	}
	switch {
	case m.way == "":
		return letter{to: m.receipts, query: status}
	case strings.HasPrefix(m.way, "form"):
		status.Set(ref, echo)
		return asForm(status)
	}
	return asJSON(map[string]any{"id": kaleyraID(m), "status": words[n.kind], ref: echo})
}

// kaleyraInbound is documented for WhatsApp. It goes to the address that belongs to
// the company's number.
func kaleyraInbound(m message, at time.Time) url.Values {
	return url.Values{
		"created_at": {strconv.FormatInt(at.Unix(), 10)},
		"type":       {"text"},
		"from":       {bare(m.to)},
		"name":       {"Person"},
		"body":       {"STOP"},
	}
}
