package client

import (
	"context"
	"io"
	"net/http"
	"net/url"

	"github.com/seed-438792ba/cascade/campaign"
)

// People names those that a call about suppressions is about.
type People struct {
	Destinations []string `json:"destinations"`     // phone numbers, as people write them; at most 1000
	Region       string   `json:"region,omitempty"` // for numbers without a country code, as IT
	Reason       string   `json:"reason,omitempty"` // why, for the journal; Allow wants one
}

// Suppressed says what became of people who were named as wanting nothing more. Every
// number, or row of a file, is in exactly one of the first four.
type Suppressed struct {
	Accepted     int                     `json:"accepted"`
	AlreadyThere int                     `json:"already_there"`
	Rejected     int                     `json:"rejected"`
	Blank        int                     `json:"blank"`
	Ended        int                     `json:"messages_ended"` // messages to them that were open
	Reasons      map[campaign.Reason]int `json:"reasons,omitempty"`
	Rejects      []RejectedRow           `json:"rejects,omitempty"` // the first 1000
}

// RejectedRow is a row of a file that was not taken.
type RejectedRow struct {
	Line   int             `json:"line"`
	Column string          `json:"column,omitempty"`
	Reason campaign.Reason `json:"reason"`
	Text   string          `json:"text"`
}

// Allowed says what became of people whose suppression was taken back.
type Allowed struct {
	Removed  int `json:"removed"`
	NotThere int `json:"not_there"`
}

// SuppressionFile says how a file of numbers is read.
type SuppressionFile struct {
	Column string // in which the numbers stand; "": destination
	Region string // for numbers without a country code, as IT
	Reason string // why, for the journal
}

// Suppress notes people who want nothing more, and ends what is open to them.
func (c *Client) Suppress(ctx context.Context, people People) (Suppressed, error) {
	return about[Suppressed](ctx, c, people)
}

// SuppressCSV streams a CSV of people who want nothing more. Rows that are no numbers are
// told and stop nothing else; the same file again does nothing twice.
func (c *Client) SuppressCSV(ctx context.Context, f SuppressionFile, file io.Reader) (Suppressed, error) {
	query := url.Values{}
	for name, value := range map[string]string{"column": f.Column, "region": f.Region, "reason": f.Reason} {
		if value != "" {
			query.Set(name, value)
		}
	}
	return ask[Suppressed](ctx, c,
		call{method: http.MethodPost, path: []string{"v1", "suppressions"}, query: query, form: "text/csv", stream: file})
}

// IsSuppressed says of each of these people, in their order, whether they want nothing.
func (c *Client) IsSuppressed(ctx context.Context, people People) ([]bool, error) {
	answer, err := about[struct{ Suppressed []bool }](ctx, c, people, "check")
	return answer.Suppressed, err
}

// Allow lets people be sent to again, from the next message on. It wants a reason.
func (c *Client) Allow(ctx context.Context, people People) (Allowed, error) {
	return about[Allowed](ctx, c, people, "remove")
}

func about[T any](ctx context.Context, c *Client, people People, what ...string) (T, error) {
	order, err := postJSON(people, append([]string{"v1", "suppressions"}, what...)...)
	if err != nil {
		var none T
		return none, err
	}
	return ask[T](ctx, c, order)
}
