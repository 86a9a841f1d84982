package web

import (
	"context"
	"net/http"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/client"
)

// people are a campaign's messages, page by page.
var people = page{path: "/campaigns/{id}/people", template: "people", role: api.Viewer, read: readPeople}

type peoplePage struct {
	Campaign string
	Phases   []choice
	Channels []choice
	Reason   string
	Filtered bool
	client.MessagePage
	NextPage string
	First    bool
}

// Title is the campaign's name.
func (p peoplePage) Title() string { return p.Campaign + ": people" }

func readPeople(ctx context.Context, v *visit) (any, error) {
	query, id := v.path.Query(), v.value("id")
	q := client.MessageFilter{Phases: chosen(query["phase"]), Channels: chosen(query["channel"]), Reasons: chosen(query["reason"]), After: query.Get("after")}
	found, err := v.Messages(ctx, id, q)
	return peoplePage{
		Campaign: id, Phases: choices(q.Phases, phaseNames()...), Channels: choices(q.Channels, "whatsapp", "rcs", "sms"), Reason: query.Get("reason"),
		Filtered: len(q.Phases)+len(q.Channels)+len(q.Reasons) > 0, MessagePage: found, NextPage: v.next(found.Next), First: q.After == "",
	}, err
}

// findPerson looks for every message to one person. The number comes by POST and stands in
// no address, so the answer is the page itself.
var (
	findPerson  = page{path: "/find", template: "find", title: "Find a person", role: api.Operator, read: askPerson}
	foundPerson = page{path: "/find", template: "find", role: api.Operator, posted: true, read: readPerson}
)

type findPage struct {
	Asked    bool
	Messages []client.FoundMessage
}

// Title names the page.
func (findPage) Title() string { return "Find a person" }

func askPerson(context.Context, *visit) (any, error) { return findPage{}, nil }

func readPerson(ctx context.Context, v *visit) (any, error) {
	found, err := v.FindMessages(ctx, v.form.Get("destination"), v.form.Get("region"))
	return findPage{true, found}, err
}

// exportCSV and rejectsCSV are files as the API gives them.
var (
	exportCSV  = fetch{path: "/campaigns/{id}/export.csv", role: api.Viewer, copy: copyExport}
	rejectsCSV = fetch{path: "/campaigns/{id}/rejects.csv", role: api.Operator, copy: copyRejects}
)

func copyExport(ctx context.Context, v *visit, w http.ResponseWriter) error {
	attach(w, v.value("id")+".csv")
	return v.ExportTo(ctx, v.value("id"), "csv", w)
}

func copyRejects(ctx context.Context, v *visit, w http.ResponseWriter) error {
	attach(w, v.value("id")+"-rejects.csv")
	return v.Rejects(ctx, v.value("id"), w)
}
