package web

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/client"
)

// oneDraft is a campaign that is being prepared, step by step.
var oneDraft = page{path: "/new/{draft}", template: "draft", role: api.Operator, read: readDraft}

type draftPage struct {
	campaign.Draft
	Text  string // YAML
	Names []mappedName
	Why   []draftReason
	Paces []string // by leg
}

// Title is the campaign's name.
func (p draftPage) Title() string { return p.Campaign.ID + " (draft)" }

// mappedName is a name that the campaign needs, and the header under which it stands.
type mappedName struct {
	Name, Header string
	Needed       bool
	Headers      []string // to choose from
}

// draftReason is a reason for which rows are rejected, with the first of them.
type draftReason struct {
	Reason   campaign.Reason
	N        int
	Examples []campaign.RejectedRow
}

// Ready says whether it can be entered.
func (p draftPage) Ready() bool { return p.Check != nil && p.Check.Accepted > 0 }

// Judged says whether rows were judged: a file that was refused as a whole had none.
func (p draftPage) Judged() bool { return p.Check != nil && len(p.Check.Refused) == 0 }

func readDraft(ctx context.Context, v *visit) (any, error) {
	d, err := v.Draft(ctx, v.value("draft"))
	if err != nil {
		return nil, err
	}
	p := draftPage{Draft: d, Text: asYAML(d.Campaign)}
	if d.Check == nil {
		return p, nil
	}
	p.Names = namesOf(d)
	for _, reason := range slices.Sorted(maps.Keys(d.Check.Reasons)) {
		r := draftReason{Reason: reason, N: d.Check.Reasons[reason]}
		for _, e := range d.Check.Examples {
			if e.Reason == reason {
				r.Examples = append(r.Examples, e)
			}
		}
		p.Why = append(p.Why, r)
	}
	for _, pace := range d.Check.Pace {
		p.Paces = append(p.Paces, pace.Lane+": "+pace.String())
	}
	return p, nil
}

// namesOf are the names that a draft's campaign looks for, with what was found.
func namesOf(d campaign.Draft) (list []mappedName) {
	if d.Check.File == nil {
		return nil
	}
	found := map[string]string{}
	for _, m := range d.Check.File.Mapping {
		found[m.Name] = m.Header
	}
	add := func(name string, needed bool) {
		list = append(list, mappedName{name, found[name], needed, d.Check.File.Header})
	}
	add("destination", true)
	for _, name := range d.Campaign.Route.Placeholders() {
		add(name, true)
	}
	add("scheduledDate", false)
	return list
}

// draftRejects are all rows that would be rejected.
var draftRejects = fetch{path: "/new/{draft}/rejects.csv", role: api.Operator, copy: func(ctx context.Context, v *visit, w http.ResponseWriter) error {
	attach(w, "rejects.csv")
	return v.DraftRejects(ctx, v.value("draft"), w)
}}

// mapDraft says which column holds what.
func mapDraft(ctx context.Context, v *visit) (at, said string, err error) {
	id := v.value("draft")
	d, err := v.Draft(ctx, id)
	if err != nil {
		return "", "", err
	}
	c := d.Campaign
	c.Recipients.Region = strings.ToUpper(strings.TrimSpace(v.form.Get("region")))
	c.Recipients.Names = maps.Clone(c.Recipients.Names)
	if c.Recipients.Names == nil {
		c.Recipients.Names = map[string]string{}
	}
	for field, values := range v.form {
		name, is := strings.CutPrefix(field, "column:")
		switch {
		case !is:
		case values[0] == "":
			delete(c.Recipients.Names, name)
		default:
			c.Recipients.Names[name] = values[0]
		}
	}
	_, err = v.ChangeDraft(ctx, id, c.Canonical())
	return to("new", id), "The columns are mapped so, and the file was checked anew.", err
}

// editDraft puts another campaign file in the place of the draft's.
func editDraft(ctx context.Context, v *visit) (at, said string, err error) {
	id := v.value("draft")
	_, err = v.ChangeDraft(ctx, id, []byte(v.form.Get("yaml")))
	return to("new", id), "The campaign is changed.", err
}

// tryDraft sends one message to a number of one's own.
func tryDraft(ctx context.Context, v *visit) (at, said string, err error) {
	why, err := v.why()
	if err != nil {
		return "", "", err
	}
	tried, err := v.TestDraft(ctx, v.value("draft"), strings.TrimSpace(v.form.Get("number")), why)
	return to("messages", tried.Message.String()), "TEST: this message went out with the values of line " + count(tried.Line) + " of the file, in the campaign " + tried.Campaign + " of its own. It is not counted among the campaign's people.", err
}

// enterDraft makes a campaign of it. It is started on its own page, which knows how many.
func enterDraft(ctx context.Context, v *visit) (at, said string, err error) {
	why, err := v.why()
	if err != nil {
		return "", "", err
	}
	d, err := v.Draft(ctx, v.value("draft"))
	if err != nil {
		return "", "", err
	}
	accepted := v.shown("accepted")
	r, err := v.EnterDraft(ctx, d.ID, client.EnterOrder{Reason: why, File: v.form.Get("file"), CheckedAt: v.shownAt("checked_at"), Accepted: &accepted})
	return to("campaigns", d.Campaign.ID), "Imported: accepted " + count(r.Accepted) + ", there already " + count(r.AlreadyThere) + ", rejected " + count(r.Rejected) + ", blank " + count(r.Blank) + ". Nothing is sent before you start it.", err
}

func dropDraft(ctx context.Context, v *visit) (at, said string, err error) {
	why, err := v.why()
	if err != nil {
		return "", "", err
	}
	return "/new", "The draft is gone.", v.DropDraft(ctx, v.value("draft"), why)
}
