package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/client"
)

// newCampaign is where a campaign begins: by a form, or by a campaign's file. What it becomes
// is a draft, which lives in Redis and not in the browser.
var newCampaign = page{path: "/new", template: "new", title: "New campaign", role: api.Operator, read: readNew}

type newPage struct {
	Lanes  []client.Lane
	Legs   []int // counted from 1
	Drafts []campaign.Draft
}

func readNew(ctx context.Context, v *visit) (any, error) {
	lanes, err := v.lanes(ctx)
	if err != nil {
		return nil, err
	}
	drafts, err := v.Drafts(ctx)
	return newPage{Lanes: lanes, Legs: []int{1, 2, 3}, Drafts: drafts}, err
}

// beginCampaign makes a draft of a form's fields, or of a campaign's file that was pasted or
// uploaded.
var beginCampaign = upload{path: "/new", role: api.Operator, most: 2*campaign.MaxFileSize + besides, do: begin}

func begin(ctx context.Context, v *visit, form *multipart.Reader) (at, said string, err error) {
	fields, err := readFields(form)
	if err != nil {
		return "", "", err
	}
	file := []byte(fields["yaml"])
	if len(strings.TrimSpace(fields["file"])) > 0 {
		file = []byte(fields["file"])
	}
	if len(strings.TrimSpace(string(file))) == 0 {
		if file, err = composed(fields); err != nil {
			return "", "", err
		}
	}
	d, err := v.NewDraft(ctx, file)
	if err != nil {
		return "", "", err
	}
	return to("new", d.ID), "The campaign is a draft. Nothing is in line, and nobody gets anything, before you enter and start it.", nil
}

// readFields reads a form whose parts are all small.
func readFields(form *multipart.Reader) (map[string]string, error) {
	fields, left := map[string]string{}, int64(2*campaign.MaxFileSize)
	for range mostFields + 1 {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return fields, nil
		}
		if err != nil {
			return nil, brokenForm(err)
		}
		text, err := io.ReadAll(io.LimitReader(part, left+1))
		if err != nil {
			return nil, brokenForm(err)
		}
		if left -= int64(len(text)); left < 0 {
			return nil, tooLongFile()
		}
		fields[part.FormName()] = string(text)
	}
	return nil, tooMuch()
}

func brokenForm(err error) error {
	if size := (*http.MaxBytesError)(nil); errors.As(err, &size) {
		return tooLongFile()
	}
	return wrongForm("The form broke off. Nothing was done.")
}

func tooLongFile() error {
	return wrongForm(fmt.Sprintf("A campaign's file has at most %d bytes. Nothing was done.", campaign.MaxFileSize))
}

func wrongForm(detail string) error {
	return &client.Problem{Status: http.StatusUnprocessableEntity, Title: "The form cannot be taken", Detail: detail}
}

// composed is the campaign of a form, as its file would have it. Whether it is right the API
// says.
func composed(fields map[string]string) ([]byte, error) {
	text := func(name string) string { return strings.TrimSpace(fields[name]) }
	var route []map[string]any
	for leg := range 3 {
		of := func(name string) string { return text(name + strconv.Itoa(leg+1)) }
		if of("lane") == "" {
			continue
		}
		route = append(route, composedLeg(of))
	}
	c := map[string]any{"campaign": text("name"), "route": route}
	if text("start") != "" {
		c["start"] = strings.TrimSpace(strings.Replace(text("start"), "T", " ", 1) + " " + text("zone"))
	}
	if text("region") != "" {
		c["recipients"] = map[string]any{"region": text("region")}
	}
	return json.Marshal(c)
}

func composedLeg(of func(string) string) map[string]any {
	account, channel, _ := strings.Cut(of("lane"), ".")
	l := map[string]any{"account": account, "channel": channel}
	if of("wait") != "" {
		l["wait"] = of("wait")
	}
	if of("text") != "" {
		l["text"] = of("text")
	}
	if of("template") == "" {
		return l
	}
	t := map[string]any{}
	if id, err := strconv.Atoi(of("template")); err == nil {
		t["id"] = id
	} else {
		t["name"] = of("template")
	}
	if of("language") != "" {
		t["language"] = of("language")
	}
	if names := strings.FieldsFunc(of("placeholders"), func(c rune) bool { return c == ',' || c == ' ' }); len(names) > 0 {
		t["placeholders"] = names
	}
	l["template"] = t
	return l
}
