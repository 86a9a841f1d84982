package api_test

import (
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// A provider's chain is told by the channel that reached the person, as far as it was told.
func TestTheStoryOfAProvidersChain(t *testing.T) {
	t.Parallel()
	c := &campaign.Campaign{ID: "chain", Route: campaign.Route{{
		Channel: campaign.WhatsApp, Account: "qlara", Wait: time.Hour,
		Chain: []campaign.Leg{{Channel: campaign.RCS, Account: "qlara"}, {Channel: campaign.SMS, Account: "qlara"}},
	}}}
	at := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	for _, x := range []struct {
		attempt fallback.Attempt
		phase   fallback.Phase
		channel campaign.Channel
		said    string
	}{
		{fallback.Attempt{Best: fallback.FactDelivered, Reached: campaign.SMS}, fallback.Delivered, campaign.SMS, "On sms it was delivered."},
		{fallback.Attempt{Best: fallback.FactDelivered}, fallback.Delivered, campaign.WhatsApp, "On a channel that was not told it was delivered."},
		{fallback.Attempt{Best: fallback.FactAccepted, End: fallback.TimedOut}, fallback.Unconfirmed, campaign.WhatsApp, "Over the provider's chain nothing said that it was delivered within 1h."},
	} {
		x.attempt.Claimed, x.attempt.Reported = at, at.Add(time.Minute)
		r := &fallback.Record{Time: at, Closed: at.Add(time.Minute), State: fallback.State{Phase: x.phase}, History: []fallback.Attempt{x.attempt}}
		line := api.NewLine(c, r, false, nil)
		if line.Channel != x.channel || line.Attempts[0].Reached != x.attempt.Reached {
			t.Errorf("the line says %s, reached %s; want %s", line.Channel, line.Attempts[0].Reached, x.channel)
		}
		found := false
		for _, s := range api.Sentences(c, r, nil) {
			found = found || s.Text == x.said
		}
		if !found {
			t.Errorf("%+v lacks %q", api.Sentences(c, r, nil), x.said)
		}
	}
}
