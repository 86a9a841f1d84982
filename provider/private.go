package provider

import (
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
)

// Private is what no reason may show of an attempt, though an answer may quote it: the
// number, what was said and with which values. The account's secrets are added to it.
func Private(a campaign.Attempt, secrets ...string) []string {
	number := a.To.E164()
	private := append([]string{number, strings.TrimPrefix(number, "+"), a.Content.Text}, secrets...)
	for _, value := range a.Variables {
		private = append(private, value)
	}
	if t := a.Content.Template; t != nil {
		private = append(private, t.Header)
		private = append(private, t.Parameters...)
		private = append(private, t.Buttons...)
	}
	if m := a.Content.Media; m != nil {
		private = append(private, m.Caption, m.Filename)
	}
	for _, link := range a.Chain {
		private = append(private, Private(campaign.Attempt{To: a.To, Content: link.Content, Variables: link.Variables})...)
	}
	return private
}
