package infobip

import (
	"encoding/json"
	"fmt"
	"math"
	"path"
	"strconv"
	"strings"

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
	From       string    `json:"from"`
	To         string    `json:"to"`
	MessageID  string    `json:"messageId"`
	Content    any       `json:"content"`
	URLOptions *tracking `json:"urlOptions,omitempty"`
}

type templateContent struct {
	TemplateName string       `json:"templateName"`
	TemplateData templateData `json:"templateData"`
	Language     string       `json:"language"`
}

type templateData struct {
	Body    templateBody `json:"body"`
	Header  *header      `json:"header,omitempty"`
	Buttons []button     `json:"buttons,omitempty"`
}

type templateBody struct {
	Placeholders []string `json:"placeholders"` // by position; required, and [] where there are none
}

type header struct {
	Type        string `json:"type"` // TEXT, IMAGE, VIDEO, GIF, DOCUMENT
	Placeholder string `json:"placeholder,omitempty"`
	MediaURL    string `json:"mediaUrl,omitempty"`
	Filename    string `json:"filename,omitempty"` // of a document
}

// button completes the address of one that has a place for it. Buttons of other kinds
// need nothing.
type button struct {
	Type      string `json:"type"`
	Parameter string `json:"parameter"`
}

// maxURLButtons is documented: of a template's ten buttons two may have such addresses.
const maxURLButtons = 2

func whatsapp(s Sender, a campaign.Attempt) (string, any, error) {
	m := whatsappMessage{From: s.bare(), To: digits(a), MessageID: a.ID.String(), URLOptions: s.tracking()}
	if t := a.Content.Template; t != nil {
		content, err := template(*t)
		m.Content = content
		return whatsappPath + "template", whatsappBatch{Messages: []whatsappMessage{m}}, err
	}
	kind, content, err := freeForm(a.Content)
	m.Content = content
	return whatsappPath + kind, m, err
}

func template(t campaign.Template) (*templateContent, error) {
	if unfit := valueProblems(t); len(unfit) > 0 {
		return nil, unfit[0]
	}
	c := &templateContent{TemplateName: t.Name, Language: t.Language}
	c.TemplateData.Body.Placeholders = append([]string{}, t.Parameters...)
	for _, b := range t.Buttons {
		c.TemplateData.Buttons = append(c.TemplateData.Buttons, button{Type: "URL", Parameter: b})
	}
	if t.Header != "" {
		c.TemplateData.Header = &header{Type: "TEXT", Placeholder: t.Header}
	}
	if t.MediaURL == "" {
		return c, nil
	}
	name, word := headerType(t.MediaURL)
	if word == "" {
		return nil, provider.ErrHeaderFile
	}
	c.TemplateData.Header = &header{Type: word, MediaURL: t.MediaURL}
	if word == "DOCUMENT" {
		c.TemplateData.Header.Filename = name
	}
	return c, nil
}

// valueProblems are the breaches of Meta's rule for the values of templates, which holds
// whoever carries them: not empty, no line break, no tab, no more than four spaces in a
// row. Each is Unfit.
func valueProblems(t campaign.Template) []error {
	var unfit []error
	look := func(which, value string) {
		switch {
		case value == "":
			unfit = append(unfit, provider.Unfit("template %s is empty", which))
		case strings.ContainsAny(value, "\n\r\t") || strings.Contains(value, "     "):
			unfit = append(unfit, provider.Unfit("template %s: a line break, a tab, or more than 4 spaces in a row", which))
		}
	}
	if t.Header != "" {
		look("header", t.Header)
	}
	for i, value := range t.Parameters {
		look(fmt.Sprintf("parameter %d", i+1), value)
	}
	for i, value := range t.Buttons {
		look(fmt.Sprintf("button %d", i+1), value)
	}
	return unfit
}

// headerType is Infobip's word for what stands at an address, and the file's name. It
// takes moving pictures, which Meta has no word for.
func headerType(address string) (name, word string) {
	name, kind := provider.HeaderFile(address)
	if strings.EqualFold(path.Ext(name), ".gif") {
		kind = "gif"
	}
	return name, strings.ToUpper(kind)
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
