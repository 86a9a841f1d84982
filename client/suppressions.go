package client

import (
	"context"
	"io"
	"net/http"
	"net/url"
)

// People names some, at most 1,000 in a call.
type People struct {
	Numbers []string `json:"destinations"`     // phone numbers, as people write them
	Region  string   `json:"region,omitempty"` // for numbers without a country code, as IT
	Reason  string   `json:"reason,omitempty"` // why, for the journal
}

// Suppress notes people who want nothing more. What is open to them ends before the answer.
func (c *Client) Suppress(ctx context.Context, p People) (Suppressed, error) {
	return about[Suppressed](ctx, c, p, "v1", "suppressions")
}

// CheckSuppressions says of each of these people, in their order, whether they want nothing.
func (c *Client) CheckSuppressions(ctx context.Context, p People) ([]bool, error) {
	answer, err := about[struct{ Suppressed []bool }](ctx, c, p, "v1", "suppressions", "check")
	return answer.Suppressed, err
}

// Allow lets people be sent to again, from the next message on. It wants a reason.
func (c *Client) Allow(ctx context.Context, p People) (Allowed, error) {
	return about[Allowed](ctx, c, p, "v1", "suppressions", "remove")
}

// CountSuppressions says how many people want nothing. Only keyed hashes of their numbers
// are kept, so nobody can name them.
func (c *Client) CountSuppressions(ctx context.Context) (int, error) {
	answer, err := ask[struct{ People int }](ctx, c, get("v1", "suppressions"))
	return answer.People, err
}

// SuppressionFile says how a file of numbers is read.
type SuppressionFile struct {
	NDJSON bool   // JSON objects, a line each; else a CSV
	Column string // the header of the numbers; "": destination
	Region string // for numbers without a country code, as IT
	Reason string // why, for the journal
}

// ImportSuppressions streams a file of people who want nothing more. Rows that are no
// number are told, and stop nothing else. After a call that broke off, call again with the
// file from its beginning.
func (c *Client) ImportSuppressions(ctx context.Context, file io.Reader, f SuppressionFile) (Suppressed, error) {
	what := call{method: http.MethodPost, path: []string{"v1", "suppressions"}, form: "text/csv", stream: file, query: url.Values{}}
	if f.NDJSON {
		what.form = "application/x-ndjson"
	}
	for name, value := range map[string]string{"column": f.Column, "region": f.Region, "reason": f.Reason} {
		if value != "" {
			what.query.Set(name, value)
		}
	}
	return ask[Suppressed](ctx, c, what)
}

func about[T any](ctx context.Context, c *Client, p People, path ...string) (into T, err error) {
	what, err := postJSON(p, path...)
	if err != nil {
		return into, err
	}
	return ask[T](ctx, c, what)
}
