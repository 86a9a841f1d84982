package infobip

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

const (
	whatsappPath = "/whatsapp/1/message/" // and the kind of the content
	rcsPath      = "/rcs/2/messages"
	smsPath      = "/sms/3/messages"
)

// request gives the path and the JSON of an attempt.
func (p *Provider) request(a campaign.Attempt) (path string, body any, err error) {
	sender := p.sender(a.Channel)
	failover, err := p.failover(a)
	switch {
	case err != nil:
		return "", nil, err
	case sender == nil:
		return "", nil, provider.NoChannel(a.Channel)
	case a.Simulation:
		return "", nil, provider.ErrSimulation
	case a.Channel == campaign.WhatsApp:
		return whatsapp(*sender, a, failover)
	case a.Channel == campaign.RCS:
		b, err := rcs(*sender, a)
		return rcsPath, b.falling(failover), err
	}
	if failover != nil {
		return "", nil, provider.ErrContent
	}
	body, err = sms(*sender, a)
	return smsPath, body, err
}

// sender is the channel's; nil if the account has none.
func (p *Provider) sender(c campaign.Channel) *Sender {
	switch c {
	case campaign.WhatsApp:
		return p.config.WhatsApp
	case campaign.RCS:
		return p.config.RCS
	case campaign.SMS:
		return p.config.SMS
	}
	return nil
}

// digits are the person's, as Infobip writes numbers: without the plus.
func digits(a campaign.Attempt) string { return strings.TrimPrefix(a.To.E164(), "+") }

// batch is the body of the newer endpoints, RCS and SMS, with one message in it.
type batch struct {
	Messages []message    `json:"messages"`
	Options  batchOptions `json:"options,omitzero"`
}

type batchOptions struct {
	Tracking        *tracking `json:"tracking,omitempty"`
	IncludeSMSCount bool      `json:"includeSmsCountInResponse,omitempty"`
}

type message struct {
	Sender       string         `json:"sender"`
	Destinations []destination  `json:"destinations"`
	Content      any            `json:"content"`
	Options      messageOptions `json:"options,omitzero"`
	Webhooks     *webhooks      `json:"webhooks,omitempty"` // of a provider's chain only
}

type destination struct {
	To        string `json:"to"`
	MessageID string `json:"messageId"`
}

type messageOptions struct {
	ValidityPeriod      *validity    `json:"validityPeriod,omitempty"`
	CampaignReferenceID string       `json:"campaignReferenceId,omitempty"`
	SMSFailover         *smsFailover `json:"smsFailover,omitempty"` // of an RCS message
}

func wrap(s Sender, a campaign.Attempt, content any) batch {
	return batch{Options: batchOptions{Tracking: s.tracking()}, Messages: []message{{
		Sender:       s.bare(),
		Destinations: []destination{{To: digits(a), MessageID: a.ID.String()}},
		Content:      content,
		Options:      messageOptions{ValidityPeriod: validityOf(share(a)), CampaignReferenceID: a.CampaignID},
	}}}
}

// validity is how long Infobip tries. After it the message is not sent any more.
type validity struct {
	Amount   int    `json:"amount"`
	TimeUnit string `json:"timeUnit"`
}

// longestValidity is documented: what is longer is cut to it.
const longestValidity = 48 * time.Hour

// validityOf is a twentieth less than our own wait, so that Infobip has given up before
// the next leg begins, and its report of that can come first. It is nil where no wait
// is known, and at least a second.
func validityOf(wait time.Duration) *validity {
	if wait <= 0 {
		return nil
	}
	seconds := min(wait-wait/20, longestValidity) / time.Second
	return &validity{Amount: max(int(seconds), 1), TimeUnit: "SECONDS"}
}

// atMost is an error if a text is longer than its field, in characters.
func atMost(most int, what, text string) error {
	if n := utf8.RuneCountInString(text); n > most {
		return provider.Unfit("%s: %d characters, want at most %d", what, n, most)
	}
	return nil
}
