package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
)

const primavera = `
campaign: primavera
start: 2099-03-01 09:00 Europe/Rome
route:
  - {channel: whatsapp, account: qlara, wait: 30m, template: {id: 42, placeholders: [nome, codiceSconto]}}
  - {channel: sms, account: qlara, text: "Ciao {nome}: {codiceSconto}"}
recipients: {region: IT}
`

// A draft is looked at, its mapping mended, and entered; what it holds is in no books before.
func TestADraftUntilItIsEntered(t *testing.T) {
	t.Parallel()
	h := open(t)
	csv, err := os.ReadFile("../campaign/testdata/primavera-excel.csv")
	if err != nil {
		t.Fatal(err)
	}
	var d campaign.Draft
	h.want("create", h.do("POST", "/v1/drafts", operator, "application/yaml", primavera), 201).into(t, &d)
	at := "/v1/drafts/" + d.ID
	h.want("enter without a file", h.do("POST", at+"/enter", operator, "", ""), 409)
	h.want("upload", h.do("POST", at+"/recipients?name=primavera.csv", operator, "text/csv", string(csv)), 200).into(t, &d)
	if d.Check == nil || len(d.Check.Refused) == 0 || d.Check.File == nil || len(d.Check.File.Header) != 6 {
		t.Fatalf("a file without the column destination: %+v", d.Check)
	}
	mended := strings.Replace(primavera, "{region: IT}", "{region: IT, columns: {destination: Cellulare, scheduledDate: Data invio}}", 1)
	h.want("change", h.do("POST", at, operator, "application/yaml", mended), 200).into(t, &d)
	c := d.Check
	if c == nil || c.Accepted == 0 || c.Accepted+c.Rejected+c.Blank != 5000 || len(c.Examples) == 0 || c.LongestSMS == nil || len(c.Pace) != 2 || len(c.Sample) != 5 {
		t.Fatalf("the check: %+v", c)
	}
	if row := c.Sample[0]; !strings.Contains(row.Destination, "*") && !strings.Contains(row.Destination, "…") || row.Legs[1].Text == "" || row.Legs[0].Values["nome"] == "" {
		t.Errorf("the first row, as an operator sees it: %+v", row)
	}
	var whole campaign.Draft
	h.want("as an admin", h.get(at, admin), 200).into(t, &whole)
	if to := whole.Check.Sample[0].Destination; !strings.HasPrefix(to, "+39") || len(to) < 12 {
		t.Errorf("an admin sees %q", to)
	}
	if n := strings.Count(h.want("rejects", h.get(at+"/rejects", operator), 200).body, "\n"); n != c.Rejected+1 {
		t.Errorf("the rejects file has %d lines, want %d and a heading", n, c.Rejected)
	}
	var report campaign.ImportReport
	h.want("enter", h.do("POST", at+"/enter", operator, "application/json", `{"reason": "spring"}`), 200).into(t, &report)
	if report.Accepted != c.Accepted || report.Rejected != c.Rejected {
		t.Errorf("entered %+v, checked %d and %d", report, c.Accepted, c.Rejected)
	}
	var now api.Report
	if h.want("show", h.get("/v1/campaigns/primavera", viewer), 200).into(t, &now); now.State != "ready" || now.Accepted != c.Accepted {
		t.Errorf("the campaign: %+v", now.Summary)
	}
	h.want("the draft is gone", h.get(at, operator), 404)
	for _, key := range h.redis.Keys() {
		if strings.Contains(key, "draft:") {
			t.Errorf("%s is left", key)
		}
	}
}

// cut is a register whose Redis goes away when a part of an import is there.
type cut struct{ api.Campaigns }

func (c cut) Import(ctx context.Context, id string, rows api.Rows) (campaign.ImportReport, error) {
	report, _ := c.Campaigns.Import(ctx, id, rows)
	return report, errors.New("Redis went away")
}

func TestADraftThatIsEnteredInPartIsInTheJournal(t *testing.T) {
	t.Parallel()
	h := open(t, func(o *api.Options) { o.Campaigns = cut{o.Campaigns} })
	var d campaign.Draft
	h.want("create", h.do("POST", "/v1/drafts", operator, "application/yaml", primavera), 201).into(t, &d)
	at := "/v1/drafts/" + d.ID
	h.want("upload", h.do("POST", at+"/recipients", operator, "text/csv", "destination;nome;codice sconto\n3471000001;Ada;P1\n"), 200)
	h.want("enter", h.do("POST", at+"/enter", operator, "application/json", `{"reason": "spring"}`), 503)
	var list api.DeedList
	h.want("audit", h.get("/v1/audit?what=enter", viewer), 200).into(t, &list)
	if len(list.Deeds) != 1 || !list.Deeds[0].BrokeOff || *list.Deeds[0].Touched != 1 || list.Deeds[0].About != "primavera" {
		t.Errorf("the journal has %+v, want that one person was entered before it broke off", list.Deeds)
	}
}

// What was shown is what is entered, and whoever changes a draft while another uploads has
// that checked as it is then.
func TestADraftIsEnteredAsItWasShown(t *testing.T) {
	t.Parallel()
	h := open(t)
	var d, then campaign.Draft
	h.want("create", h.do("POST", "/v1/drafts", operator, "application/yaml", primavera), 201).into(t, &d)
	at := "/v1/drafts/" + d.ID
	upload := func(d *campaign.Draft) {
		h.want("upload", h.do("POST", at+"/recipients", operator, "text/csv", "destination;nome;codice sconto\n3471000001;Ada;P1\n"), 200).into(t, d)
	}
	order := func(d campaign.Draft, accepted int) string {
		text, _ := json.Marshal(map[string]any{"file": d.File.Key, "checked_at": d.Check.At, "accepted": accepted})
		return string(text)
	}
	h.want("a name without end", h.do("POST", at+"/recipients?name="+strings.Repeat("x", 256), operator, "text/csv", "destination\n"), 400)
	upload(&d)
	h.want("more than was shown", h.do("POST", at+"/enter", operator, "application/json", order(d, 2)), 409)
	upload(&then)
	var p api.Problem
	if h.want("another file", h.do("POST", at+"/enter", operator, "application/json", order(d, 1)), 409).into(t, &p); p.Type != "urn:cascade:problem:changed-meanwhile" {
		t.Errorf("answered with %+v", p)
	}
	d = then
	then = campaign.Draft{}
	h.want("another text", h.do("POST", at, operator, "application/yaml", strings.Replace(primavera, "Ciao", "Salve", 1)), 200).into(t, &then)
	h.want("other than was shown", h.do("POST", at+"/enter", operator, "application/json", order(d, 1)), 409)
	h.want("nothing was entered", h.get("/v1/campaigns/primavera", viewer), 404)
	h.want("as it was shown", h.do("POST", at+"/enter", operator, "application/json", order(then, 1)), 200)
}

// A test is a message of a campaign of its own.
func TestADraftIsTried(t *testing.T) {
	t.Parallel()
	h := open(t)
	var d campaign.Draft
	h.want("create", h.do("POST", "/v1/drafts", operator, "application/yaml", strings.Replace(primavera, "campaign: primavera", "campaign: spring", 1)), 201).into(t, &d)
	at := "/v1/drafts/" + d.ID
	h.want("without a file", h.do("POST", at+"/test", operator, "application/json", `{"destination": "3471000001"}`), 409)
	h.want("upload", h.do("POST", at+"/recipients", operator, "text/csv", "destination;nome;codice sconto\n1;x;y\n3471000009;Ada;P1\n"), 200)
	h.want("no number", h.do("POST", at+"/test", operator, "application/json", `{"destination": "12"}`), 422)
	var tried campaign.DraftTest
	h.want("test", h.do("POST", at+"/test", operator, "application/json", `{"destination": "3471000001", "reason": "to see it"}`), 200).into(t, &tried)
	if tried.Line != 3 || !strings.Contains(tried.Campaign, "-of-spring") {
		t.Errorf("tried %+v", tried)
	}
	h.want("its story", h.get("/v1/messages/"+tried.Message.String(), viewer), 200)
	h.want("the draft's campaign is not there", h.get("/v1/campaigns/spring", viewer), 404)
	h.want("drop", h.do("POST", at+"/drop", operator, "", ""), 200)
	h.want("dropped", h.get(at, operator), 404)
}
