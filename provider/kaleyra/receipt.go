package kaleyra

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// Receipts reads a status or what a person wrote, in any of the forms that the package
// comment names. What the account's settings require of a callback is checked first; one
// that lacks it is answered 401. Of a list, what can be read is returned beside the error that names what
// cannot. No error quotes the callback.
func (p *Provider) Receipts(r *http.Request) ([]campaign.Receipt, provider.Ack, error) {
	if err := p.config.Authentic(r); err != nil {
		return nil, provider.Ack{Status: http.StatusUnauthorized}, fmt.Errorf("kaleyra: %w", err)
	}
	callbacks, err := read(r)
	if err != nil {
		return nil, provider.Ack{}, fmt.Errorf("kaleyra: %w", err)
	}
	callbacks = slices.DeleteFunc(callbacks, callback.isOfTemplate)
	receipts, err := provider.ReadEach("kaleyra: callback", callbacks, callback.receipt)
	return receipts, provider.Ack{}, err
}

// isOfTemplate says whether a callback tells what became of a template, which says
// nothing of a message.
func (c callback) isOfTemplate() bool { return c["message_template_id"] != "" && c["status"] == "" }

func (c callback) receipt() (campaign.Receipt, error) {
	switch {
	case c["status"] != "":
		return c.status()
	case c["from"] != "":
		return c.inbound()
	}
	return campaign.Receipt{}, errors.New("it has neither a status nor a sender")
}

// statuses are Kaleyra's words as folded leaves them, of WhatsApp and of SMS. 0 is what
// a published client saw of a WhatsApp message that failed; an SMS is SENT - NO DLR for
// ever where the operator does not report.
var statuses = map[string]campaign.ReceiptKind{
	"SENT":        campaign.ReceiptSent,
	"SUBMITTED":   campaign.ReceiptSent,
	"ENROUTE":     campaign.ReceiptSent,
	"SENTNODLR":   campaign.ReceiptSent,
	"DELIVERED":   campaign.ReceiptDelivered,
	"DELIVRD":     campaign.ReceiptDelivered,
	"READ":        campaign.ReceiptRead,
	"FAILED":      campaign.ReceiptUndeliverable,
	"0":           campaign.ReceiptUndeliverable,
	"UNDELIVERED": campaign.ReceiptUndeliverable,
	"EXPIRED":     campaign.ReceiptExpired,
	"MOBOFF":      campaign.ReceiptExpired, // a trace code: the phone was off
	"NOTSENT":     campaign.ReceiptRejected,
}

// folded makes one word of the spellings: upper case, without - _ and spaces.
func folded(word string) string {
	return strings.ToUpper(strings.NewReplacer("-", "", "_", "", " ", "").Replace(word))
}

// status reads what became of a message. No callback bears a time.
func (c callback) status() (campaign.Receipt, error) {
	kind, known := statuses[folded(c["status"])]
	r := campaign.Receipt{Kind: kind}
	trace := cmp.Or(c["status_trace"], c["description"])
	switch {
	case !known:
		r.Reason = provider.Reason("status " + c["status"])
	case kind > campaign.ReceiptRead:
		r.Reason = provider.Reason(cmp.Or(trace, "status "+c["status"]), c["recipient"], c["to"])
		code, _ := traced(trace)
		r.Cause = code.Cause()
		if folded(trace) == "MOBOFF" {
			r.Kind = campaign.ReceiptExpired
		}
	}
	return provider.About(r, cmp.Or(c["id"], c["message_id"]), reference(cmp.Or(c["ref"], c["ref_custom"])))
}

// reference takes ours out of the list that ref_custom is.
func reference(s string) string { return strings.Trim(s, `[]'" `) }

// inbound reads what a person wrote. Their number has no plus (documented); there is no
// id, and media has no text. Only WhatsApp has a type (documented for it).
func (c callback) inbound() (campaign.Receipt, error) {
	number := "+" + strings.TrimPrefix(strings.TrimSpace(c["from"]), "+")
	from, err := provider.Person(number)
	if err != nil {
		return campaign.Receipt{}, fmt.Errorf("its sender: %w", err)
	}
	channel := campaign.Channel(0)
	if c["type"] != "" {
		channel = campaign.WhatsApp
	}
	return campaign.Receipt{
		Kind:       campaign.ReceiptInbound,
		From:       from,
		Channel:    channel,
		Text:       provider.Text(c["body"]),
		At:         moment(c["created_at"]),
		ProviderID: provider.InboundID(number, c["created_at"], c["type"], c["body"], c["media_url"]),
	}, nil
}

// moment reads the seconds that inbound messages bear (documented), or the form in
// which answers write a time (assumed).
func moment(s string) time.Time {
	if at := provider.Moment(s, "2006-01-02 15:04:05-07:00"); !at.IsZero() {
		return at
	}
	return provider.UnixTime(s)
}
