package qlara

import (
	"context"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// statusPath is where a message's status can be asked for. It is documented, with the
// channel, and that the id is the one that a send gave as its messageId.
const statusPath = "/partner-gateway/v1/messages/status"

// missing is the status of a message of which Qlara knows nothing (documented).
const missing = "UNKNOWN"

// polled are the words of deliveryStatus (documented). RECEIVED is the next network's
// yes, not the phone's. That a message was read is never told here.
var polled = map[string]campaign.ReceiptKind{
	"SENT":      campaign.ReceiptSent,
	"RECEIVED":  campaign.ReceiptSent,
	"DELIVERED": campaign.ReceiptDelivered,
	"ERROR":     campaign.ReceiptUndeliverable,
	"EXPIRED":   campaign.ReceiptExpired,
}

// status is what Qlara says of one message.
type status struct {
	ID          provider.Word `json:"customerMessageId"`
	Status      provider.Word `json:"deliveryStatus"`
	Description provider.Word `json:"deliveryStatusDescription"`
}

// Ask asks for the status of attempts: of one by its own path, of several in a list.
// What a list leaves out is nothing said, for two pages of the documentation name its
// parameter differently, and its form is assumed: only a question about one attempt, or
// the word UNKNOWN, can find that Qlara never had it.
func (p *Provider) Ask(ctx context.Context, on campaign.Channel, about []campaign.AttemptID, gate provider.Gate) provider.Findings {
	if len(about) == 1 {
		return p.askOne(ctx, on, about[0], gate)
	}
	ids := make([]string, len(about))
	for i, id := range about {
		ids[i] = id.String()
	}
	x := p.get(ctx, on, statusPath, url.Values{"ids": {strings.Join(ids, ",")}}, gate)
	var list []status
	if !x.Successful() || !x.Read(&list) {
		return p.noAnswer(x)
	}
	f := provider.Findings{Outcome: provider.Outcome{Kind: provider.Accepted}}
	for _, id := range about {
		for _, s := range list {
			if s.about(id) {
				s.addTo(&f, id)
			}
		}
	}
	return f
}

func (p *Provider) askOne(ctx context.Context, on campaign.Channel, id campaign.AttemptID, gate provider.Gate) provider.Findings {
	x := p.get(ctx, on, statusPath+"/"+id.String(), url.Values{}, gate)
	f := provider.Findings{Outcome: provider.Outcome{Kind: provider.Accepted}}
	var s status
	switch {
	case x.Status == http.StatusNotFound && !isPage(x):
		f.Missing = []campaign.AttemptID{id}
	case !x.Successful() || !x.Read(&s) || !s.about(id):
		return p.noAnswer(x)
	default:
		s.addTo(&f, id)
	}
	return f
}

func (p *Provider) get(ctx context.Context, on campaign.Channel, path string, query url.Values, gate provider.Gate) provider.Exchange {
	query.Set("channel", strings.ToUpper(on.String()))
	return p.client.Get(ctx, provider.Request{URL: p.config.BaseURL + path + "?" + query.Encode(), Header: p.header()}, gate)
}

// noAnswer is what comes of an exchange in which nothing was said of any attempt.
func (p *Provider) noAnswer(x provider.Exchange) provider.Findings {
	if x.Successful() {
		return provider.Findings{Outcome: x.Unreadable()}
	}
	return provider.Findings{Outcome: failed(x, []string{p.config.APIKey.Reveal()})}
}

// isPage says whether something that is not the API has answered, as a gateway that
// does not know the path.
func isPage(x provider.Exchange) bool {
	mediaType, _, _ := mime.ParseMediaType(x.Header.Get("Content-Type"))
	return mediaType == "text/html"
}

// about says whether the status is that of the attempt.
func (s status) about(id campaign.AttemptID) bool {
	return strings.EqualFold(string(s.ID), id.String())
}

// addTo adds what the status says. A word that nobody documented is news of no kind.
func (s status) addTo(f *provider.Findings, id campaign.AttemptID) {
	word := strings.ToUpper(string(s.Status))
	if word == missing {
		f.Missing = append(f.Missing, id)
		return
	}
	r := campaign.Receipt{Attempt: id, Kind: polled[word]}
	switch r.Kind {
	case campaign.ReceiptUndeliverable, campaign.ReceiptExpired:
		r.Reason = provider.Reason(provider.FirstWord(s.Description, s.Status))
	case campaign.ReceiptUnknown:
		r.Reason = provider.Reason("status " + word)
	}
	f.News = append(f.News, r)
}
