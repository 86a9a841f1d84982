package infobip

import (
	"fmt"
	"path"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

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
