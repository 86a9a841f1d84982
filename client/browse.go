package client

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
)

// CampaignQuery says which campaigns are wanted. Its zero value wants all.
type CampaignQuery struct {
	States []string // only those in some of these
	Text   string   // only those whose id holds it
	Limit  int      // how many in a page; 0: all
	After  string   // CampaignPage.Next of the page before
}

// CampaignPage lists some campaigns, by id.
func (c *Client) CampaignPage(ctx context.Context, q CampaignQuery) (CampaignPage, error) {
	what := get("v1", "campaigns")
	what.query = query("state", strings.Join(q.States, ","), "q", q.Text, "limit", number(q.Limit), "after", q.After)
	return ask[CampaignPage](ctx, c, what)
}

// Flow gives a campaign's numbers leg by leg, from one snapshot.
func (c *Client) Flow(ctx context.Context, id string) (Flow, error) {
	return ask[Flow](ctx, c, get("v1", "campaigns", id, "flow"))
}

// CampaignFile gives a campaign as it was entered, with what was changed since.
func (c *Client) CampaignFile(ctx context.Context, id string) (campaign.Campaign, error) {
	return ask[campaign.Campaign](ctx, c, get("v1", "campaigns", id, "file"))
}

// Imports gives the reports of a campaign's uploads.
func (c *Client) Imports(ctx context.Context, id string) ([]campaign.ImportReport, error) {
	list, err := ask[Imports](ctx, c, get("v1", "campaigns", id, "imports"))
	return list.Imports, err
}

// Failures says for which reasons a campaign's messages came to nothing. It is counted anew
// after some seconds only.
func (c *Client) Failures(ctx context.Context, id string) (Failures, error) {
	return ask[Failures](ctx, c, get("v1", "campaigns", id, "failures"))
}

// Patch changes a campaign's throttle or window while it runs, by the keys of its file, and
// gives the campaign as it then is.
func (c *Client) Patch(ctx context.Context, id string, values map[string]any, reason string) (campaign.Campaign, error) {
	all := map[string]any{"reason": reason}
	for name, value := range values {
		all[name] = value
	}
	text, err := json.Marshal(all)
	if err != nil {
		return campaign.Campaign{}, err
	}
	return ask[campaign.Campaign](ctx, c, call{method: "PATCH", path: []string{"v1", "campaigns", id}, form: "application/json", body: text})
}

// query makes a query of names and values, without the empty ones.
func query(pairs ...string) url.Values {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return q
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
