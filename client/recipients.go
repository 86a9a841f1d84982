package client

import (
	"context"
	"encoding/json"
	"io"
	"iter"
	"net/http"

	"github.com/seed-438792ba/cascade/campaign"
)

// Recipient is one person of an upload.
type Recipient struct {
	Destination   string             `json:"destination"`             // as +393401234567, or as the campaign's region writes it
	Key           string             `json:"key,omitempty"`           // of a standing campaign: what tells it from others to the same person
	ScheduledDate string             `json:"scheduledDate,omitempty"` // as in a file; absent: the campaign's start
	Variables     campaign.Variables `json:"variables,omitempty"`     // values of the placeholders, by name
}

// UploadCSV streams a CSV of up to 1 GiB into a campaign. Bad rows are counted by reason
// and stop nothing else; Rejects tells of them. An upload is made once: after one that
// broke off, call again with the file from its beginning, and rows that are there already
// are counted as such.
func (c *Client) UploadCSV(ctx context.Context, id string, file io.Reader) (campaign.ImportReport, error) {
	return c.upload(ctx, id, "text/csv", file)
}

// UploadNDJSON streams JSON objects, a line each, as UploadCSV does. Their names are columns
// as a CSV's header has them; those in "variables" are the campaign's own.
func (c *Client) UploadNDJSON(ctx context.Context, id string, file io.Reader) (campaign.ImportReport, error) {
	return c.upload(ctx, id, "application/x-ndjson", file)
}

// Upload streams recipients into a campaign, as UploadCSV does. It asks for them as they
// can be sent, from another goroutine, and no longer once it has returned.
func (c *Client) Upload(ctx context.Context, id string, people iter.Seq[Recipient]) (campaign.ImportReport, error) {
	from, to := io.Pipe()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		lines := json.NewEncoder(to)
		for p := range people {
			if lines.Encode(p) != nil {
				return // nobody reads on: the answer says why
			}
		}
		_ = to.Close() // is never an error
	}()
	report, err := c.UploadNDJSON(ctx, id, from)
	_ = from.Close() // is never an error; ends the writing
	<-ended
	return report, err
}

func (c *Client) upload(ctx context.Context, id, form string, body io.Reader) (campaign.ImportReport, error) {
	return ask[campaign.ImportReport](ctx, c,
		call{method: http.MethodPost, path: []string{"v1", "campaigns", id, "recipients"}, form: form, stream: body})
}
