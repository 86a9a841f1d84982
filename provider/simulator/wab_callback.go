package simulator

import (
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/seed-438792ba/cascade/campaign"
)

// wabWords are the statuses of WhatsApp: no word says that a message was read, or why
// one was rejected.
var wabWords = map[kind]string{isSent: "sent", isDelivered: "received", isUndeliverable: "rejected"}

// wabSMSWords are those of SMS.
var wabSMSWords = map[kind]string{isSent: "sent", isDelivered: "received", isUndeliverable: "failed"}

// callback goes to the address of the application: requests name none. No time is told.
func (g wab) callback(m message, n news, at time.Time) letter {
	if n.kind == isStop {
		return asJSON(g.inbound(m, at))
	}
	words := pick(m.channel, wabWords, wabWords, wabSMSWords)
	return asJSON(map[string]any{"id": wabID(m), "status": words[n.kind], "reference": m.echo})
}

// inbound is written with a capital D as it is printed. Its content is what Meta
// passes on; for an SMS it is assumed to be the text.
func (wab) inbound(m message, at time.Time) map[string]any {
	body := map[string]any{
		"id": uuid.NewSHA1(uuid.MustParse(m.given), []byte("inbound")).String(), "source": m.to.E164(), "Destination": m.from, "content": "STOP",
	}
	if m.channel == campaign.WhatsApp {
		body["content"] = map[string]any{
			"errors": nil, "from": m.to.E164(), "id": "wamid." + m.given, "order": nil, "reaction": nil,
			"text":      map[string]any{"preview_url": false, "body": "STOP"},
			"timestamp": strconv.FormatInt(at.Unix(), 10), "type": "text",
		}
	}
	return body
}
