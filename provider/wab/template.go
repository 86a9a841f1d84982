package wab

import (
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
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
	if t.Header != "" {
		made.Components = append(made.Components, component{Type: "header", Parameters: []parameter{{Type: "text", Text: &t.Header}}})
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
	_, kind := provider.HeaderFile(address)
	p := parameter{Type: kind}
	switch file := (&media{Link: address}); kind {
	case "image":
		p.Image = file
	case "video":
		p.Video = file
	case "document":
		p.Document = file
	default:
		return parameter{}, provider.ErrHeaderFile
	}
	return p, nil
}
