package web

import (
	"context"
	"encoding/json"
	"maps"
	"mime"
	"net/http"
	"slices"

	"github.com/goccy/go-yaml"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// campaignFile is a campaign as it was entered, and what its uploads brought.
var campaignFile = page{path: "/campaigns/{id}/file", template: "file", role: api.Viewer, read: readFile}

type filePage struct {
	Campaign string
	Text     string // YAML
	Digest   string
	Imports  []importRow
	Sum      importRow
}

// Title is the campaign's name.
func (p filePage) Title() string { return p.Campaign + ": file" }

// importRow is the report of one upload.
type importRow struct {
	campaign.ImportReport
	Why []reasonCount
}

type reasonCount struct {
	Reason campaign.Reason
	N      int
}

func readFile(ctx context.Context, v *visit) (any, error) {
	id := v.value("id")
	c, err := v.CampaignFile(ctx, id)
	if err != nil {
		return nil, err
	}
	reports, err := v.Imports(ctx, id)
	if err != nil {
		return nil, err
	}
	p := filePage{Campaign: id, Text: asYAML(c), Digest: c.Digest()}
	all := campaign.ImportReport{Reasons: map[campaign.Reason]int{}}
	for _, r := range reports {
		p.Imports = append(p.Imports, rowOf(r))
		all.Accepted, all.AlreadyThere, all.Rejected, all.Blank = all.Accepted+r.Accepted, all.AlreadyThere+r.AlreadyThere, all.Rejected+r.Rejected, all.Blank+r.Blank
		for reason, n := range r.Reasons {
			all.Reasons[reason] += n
		}
	}
	p.Sum = rowOf(all)
	return p, nil
}

func rowOf(r campaign.ImportReport) importRow {
	row := importRow{ImportReport: r}
	for _, reason := range slices.Sorted(maps.Keys(r.Reasons)) {
		row.Why = append(row.Why, reasonCount{reason, r.Reasons[reason]})
	}
	return row
}

// asYAML is a campaign in the form in which people write it, in the order of its file.
func asYAML(c campaign.Campaign) string {
	text, err := yaml.JSONToYAML(c.Canonical())
	if err != nil {
		indented, _ := json.MarshalIndent(c, "", "  ") // it is JSON
		return string(indented)
	}
	return string(text)
}

// attach says that what follows is a file of this name.
func attach(w http.ResponseWriter, name string) {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
}

func phaseNames() []string {
	phases := fallback.Phases()
	names := make([]string, len(phases))
	for i, p := range phases {
		names[i] = p.String()
	}
	return names
}
