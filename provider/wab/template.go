package wab

import (
	"net/url"
	"path"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
)

// template is Meta's, as the gateway's record of a sent one shows it.
type template struct {
	Name       string      `json:"name"`
	Language   language    `json:"language"`
	Components []component `json:"components,omitempty"`
}

type language struct {
	Policy string `json:"policy"` // empty in the record, and so here
	Code   string `json:"code"`
}

type component struct {
	Type       string      `json:"type"`
	Parameters []parameter `json:"parameters"`
}

// parameter has the one field that its type names.
type parameter struct {
	Type     string  `json:"type"`
	Text     *string `json:"text,omitempty"`
	Image    *media  `json:"image,omitempty"`
	Video    *media  `json:"video,omitempty"`
	Document *media  `json:"document,omitempty"`
}

// media is a file by its address, or by the id that the gateway gave for an upload.
type media struct {
	Link     string `json:"link,omitempty"`
	ID       string `json:"id,omitempty"`
	Caption  string `json:"caption,omitempty"`
	Filename string `json:"filename,omitempty"`
}

func newTemplate(t campaign.Template) (*template, error) {
	made := &template{Name: t.Name, Language: language{Code: t.Language}}
	if t.MediaURL != "" {
		header, err := headerOf(t.MediaURL)
		if err != nil {
			return nil, err
		}
		made.Components = append(made.Components, component{Type: "header", Parameters: []parameter{header}})
	}
	if len(t.Parameters) > 0 {
		body := component{Type: "body"}
		for _, value := range t.Parameters {
			body.Parameters = append(body.Parameters, parameter{Type: "text", Text: &value})
		}
		made.Components = append(made.Components, body)
	}
	return made, nil
}

// headerOf makes a template's header of an address. Meta wants to be told what it is.
func headerOf(address string) (parameter, error) {
	p := parameter{Type: fileKind(address)}
	switch file := (&media{Link: address}); p.Type {
	case "image":
		p.Image = file
	case "video":
		p.Video = file
	case "document":
		p.Document = file
	default:
		return parameter{}, errValue
	}
	return p, nil
}

// kinds are the files that Meta takes in a header, by the ends of their names.
var kinds = map[string]string{
	".jpg": "image", ".jpeg": "image", ".png": "image",
	".mp4": "video", ".3gp": "video",
	".pdf": "document", ".txt": "document", ".doc": "document", ".docx": "document",
	".xls": "document", ".xlsx": "document", ".ppt": "document", ".pptx": "document",
}

// fileKind says what an address leads to; "" if its end does not tell.
func fileKind(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return kinds[strings.ToLower(path.Ext(u.Path))]
}
