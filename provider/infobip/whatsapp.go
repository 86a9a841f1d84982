package infobip

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// The longest that WhatsApp's fields may be, in characters.
const (
	maxWhatsAppText = 4096
	maxCaption      = 3000
)

type whatsappBatch struct {
	Messages []whatsappMessage `json:"messages"`
}

// whatsappMessage is the body of a free-form message, and each item of a batch of
// templates. It has no validity period, and WhatsApp no recall.
type whatsappMessage struct {
	From        string       `json:"from"`
	To          string       `json:"to"`
	MessageID   string       `json:"messageId"`
	Content     any          `json:"content"`
	URLOptions  *tracking    `json:"urlOptions,omitempty"`
	SMSFailover *smsFailover `json:"smsFailover,omitempty"`
}

func whatsapp(s Sender, a campaign.Attempt, failover *smsFailover) (string, any, error) {
	m := whatsappMessage{From: s.bare(), To: digits(a), MessageID: a.ID.String(), URLOptions: s.tracking(), SMSFailover: failover}
	if t := a.Content.Template; t != nil {
		content, err := template(*t)
		m.Content = content
		return whatsappPath + "template", whatsappBatch{Messages: []whatsappMessage{m}}, err
	}
	if failover != nil {
		return "", nil, provider.ErrContent
	}
	kind, content, err := freeForm(a.Content)
	m.Content = content
	return whatsappPath + kind, m, err
}

type whatsappText struct {
	Text string `json:"text"`
}

type whatsappMedia struct {
	MediaURL string `json:"mediaUrl"`
	Caption  string `json:"caption,omitempty"`
	Filename string `json:"filename,omitempty"`
}

type whatsappLocation struct {
	Latitude  json.Number `json:"latitude"`
	Longitude json.Number `json:"longitude"`
	Name      string      `json:"name,omitempty"`
	Address   string      `json:"address,omitempty"`
}

// freeForm is a message of any kind, allowed within 24 hours of the person's last one.
// Its kind is the end of its path.
func freeForm(c campaign.Content) (kind string, content any, err error) {
	switch {
	case len(c.Suggestions) > 0, c.Reaction != nil:
		return "", nil, provider.ErrContent
	case c.Media != nil:
		return media(*c.Media)
	case c.Location != nil:
		return place(*c.Location)
	case c.Text == "":
		return "", nil, provider.ErrContent
	}
	return "text", whatsappText{Text: c.Text}, atMost(maxWhatsAppText, "text", c.Text)
}

func media(m campaign.Media) (string, any, error) {
	if !provider.IsMedia(m.Kind) || m.URL == "" {
		return "", nil, provider.ErrContent
	}
	return m.Kind, whatsappMedia{MediaURL: m.URL, Caption: m.Caption, Filename: m.Filename}, atMost(maxCaption, "caption", m.Caption)
}

func place(l campaign.Location) (string, any, error) {
	latitude, err := degrees(l.Latitude, 90, "latitude")
	if err != nil {
		return "", nil, err
	}
	longitude, err := degrees(l.Longitude, 180, "longitude")
	if err != nil {
		return "", nil, err
	}
	return "location", whatsappLocation{Latitude: latitude, Longitude: longitude, Name: l.Name, Address: l.Address}, nil
}

// degrees reads what the campaign keeps as a text, for Infobip wants a number.
func degrees(s string, most float64, what string) (json.Number, error) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || !(math.Abs(f) <= most) {
		return "", provider.Unfit("location: its %s is no number from -%g to %g", what, most, most)
	}
	return json.Number(strconv.FormatFloat(f, 'f', -1, 64)), nil
}
