package infobip

import (
	"encoding/json"
	"math"
	"path"
	"strconv"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
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
	From      string `json:"from"`
	To        string `json:"to"`
	MessageID string `json:"messageId"`
	Content   any    `json:"content"`
}

type templateContent struct {
	TemplateName string       `json:"templateName"`
	TemplateData templateData `json:"templateData"`
	Language     string       `json:"language"`
}

type templateData struct {
	Body   templateBody `json:"body"`
	Header *mediaHeader `json:"header,omitempty"`
}

type templateBody struct {
	Placeholders []string `json:"placeholders"` // by position; required, and [] where there are none
}

type mediaHeader struct {
	Type     string `json:"type"` // IMAGE, VIDEO, GIF, DOCUMENT
	MediaURL string `json:"mediaUrl"`
	Filename string `json:"filename,omitempty"` // of a document
}

func whatsapp(sender string, a campaign.Attempt) (string, any, error) {
	m := whatsappMessage{From: sender, To: digits(a), MessageID: a.ID.String()}
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
	for i, p := range t.Parameters {
		if err := checkParameter(i+1, p); err != nil {
			return nil, err
		}
	}
	c := &templateContent{TemplateName: t.Name, Language: t.Language}
	c.TemplateData.Body.Placeholders = append([]string{}, t.Parameters...)
	if t.MediaURL == "" {
		return c, nil
	}
	name, kind := mediaKind(t.MediaURL)
	if kind == "" {
		return nil, unfit("template media_url: no ending that tells a picture, a film or a document")
	}
	c.TemplateData.Header = &mediaHeader{Type: kind, MediaURL: t.MediaURL}
	if kind == "DOCUMENT" {
		c.TemplateData.Header.Filename = name
	}
	return c, nil
}

// checkParameter keeps Meta's rule for the values of templates, which holds whoever
// carries them: not empty, no line break, no tab, no more than four spaces in a row.
func checkParameter(position int, value string) error {
	switch {
	case value == "":
		return unfit("template parameter %d is empty", position)
	case strings.ContainsAny(value, "\n\r\t") || strings.Contains(value, "     "):
		return unfit("template parameter %d: a line break, a tab, or more than 4 spaces in a row", position)
	}
	return nil
}

// mediaKinds are the header's types by the endings of files. The header must name its
// type, and a campaign gives the address alone.
var mediaKinds = map[string]string{
	".jpg": "IMAGE", ".jpeg": "IMAGE", ".png": "IMAGE",
	".mp4": "VIDEO", ".3gp": "VIDEO", ".3gpp": "VIDEO",
	".gif": "GIF",
	".pdf": "DOCUMENT", ".txt": "DOCUMENT", ".doc": "DOCUMENT", ".docx": "DOCUMENT",
	".xls": "DOCUMENT", ".xlsx": "DOCUMENT", ".ppt": "DOCUMENT", ".pptx": "DOCUMENT",
}

// mediaKind is the name of the file at an address, and its type; "" if it has none.
func mediaKind(address string) (name, kind string) {
	if i := strings.IndexAny(address, "?#"); i >= 0 {
		address = address[:i]
	}
	name = path.Base(address)
	return name, mediaKinds[strings.ToLower(path.Ext(name))]
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
		return "", nil, errContent
	case c.Media != nil:
		return media(*c.Media)
	case c.Location != nil:
		return place(*c.Location)
	case c.Text == "":
		return "", nil, errContent
	}
	return "text", whatsappText{Text: c.Text}, atMost(maxWhatsAppText, "text", c.Text)
}

// isMedia says whether there is an endpoint for this kind of media.
func isMedia(kind string) bool {
	switch kind {
	case "image", "video", "document", "audio", "sticker":
		return true
	}
	return false
}

func media(m campaign.Media) (string, any, error) {
	if !isMedia(m.Kind) || m.URL == "" {
		return "", nil, errContent
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
		return "", unfit("location: its %s is no number from -%g to %g", what, most, most)
	}
	return json.Number(strconv.FormatFloat(f, 'f', -1, 64)), nil
}
