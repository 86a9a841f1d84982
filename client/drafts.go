package client

import (
	"context"
	"io"
	"net/http"
	"net/url"

	"github.com/seed-438792ba/cascade/campaign"
)

// NewDraft begins to prepare the campaign of a file, in YAML or JSON. What is wrong in it is
// a Problem that names every mistake.
func (c *Client) NewDraft(ctx context.Context, file []byte) (campaign.Draft, error) {
	return ask[campaign.Draft](ctx, c, post("application/yaml", file, "v1", "drafts"))
}

// Drafts lists the campaigns that are being prepared, the one that was changed last first.
func (c *Client) Drafts(ctx context.Context) ([]campaign.Draft, error) {
	list, err := ask[struct{ Drafts []campaign.Draft }](ctx, c, get("v1", "drafts"))
	return list.Drafts, err
}

// Draft gives a draft, with what was found in its file.
func (c *Client) Draft(ctx context.Context, id string) (campaign.Draft, error) {
	return ask[campaign.Draft](ctx, c, get("v1", "drafts", id))
}

// ChangeDraft puts another campaign in the place of the draft's, and checks its file anew.
func (c *Client) ChangeDraft(ctx context.Context, id string, file []byte) (campaign.Draft, error) {
	return ask[campaign.Draft](ctx, c, post("application/yaml", file, "v1", "drafts", id))
}

// UploadDraft streams a CSV of up to 1 GiB to a draft, in the place of the one before. The
// name is for people.
func (c *Client) UploadDraft(ctx context.Context, id, name string, file io.Reader) (campaign.Draft, error) {
	return ask[campaign.Draft](ctx, c, call{
		method: http.MethodPost, path: []string{"v1", "drafts", id, "recipients"}, query: url.Values{"name": {name}}, form: "text/csv", stream: file,
	})
}

// DraftRejects writes to w all rows that an import would reject, as a CSV that can be mended.
func (c *Client) DraftRejects(ctx context.Context, id string, w io.Writer) error {
	return c.copyTo(ctx, w, get("v1", "drafts", id, "rejects"))
}

// TestDraft sends what the file's first accepted row says to a number of one's own, really,
// into a campaign of its own. The reason is for the journal, here and below.
func (c *Client) TestDraft(ctx context.Context, id, number, reason string) (campaign.DraftTest, error) {
	what, err := postJSON(person{Destination: number, Reason: reason}, "v1", "drafts", id, "test")
	if err != nil {
		return campaign.DraftTest{}, err
	}
	return ask[campaign.DraftTest](ctx, c, what)
}

// EnterDraft makes a campaign of a draft, with its file's recipients. It is ready then, and
// is started by Start. The same call again takes nobody twice.
func (c *Client) EnterDraft(ctx context.Context, id string, o EnterOrder) (campaign.ImportReport, error) {
	what, err := postJSON(o, "v1", "drafts", id, "enter")
	if err != nil {
		return campaign.ImportReport{}, err
	}
	return ask[campaign.ImportReport](ctx, c, what)
}

// DropDraft forgets a draft and its file.
func (c *Client) DropDraft(ctx context.Context, id, reason string) error {
	_, err := change[campaign.Draft](ctx, c, reason, "v1", "drafts", id, "drop")
	return err
}
