package api_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

var (
	eventTime     = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	eventCampaign = &campaign.Campaign{ID: "spring", Route: campaign.Route{
		{Channel: campaign.WhatsApp, Account: "qlara", Wait: time.Hour}, {Channel: campaign.SMS, Account: "other", Wait: time.Hour},
	}}
)

// retried is a message that failed on both legs, was retried, and is delivered now.
func retried() *fallback.Record {
	at := func(m int) time.Time { return eventTime.Add(time.Duration(m) * time.Minute) }
	return &fallback.Record{
		ID: campaign.IDKey{}.Message("spring", "+393401234567", "order-17"), To: "+393401234567", Key: "order-17",
		Row: campaign.Row{Line: 5}, Time: eventTime, Closed: at(9), State: fallback.State{Phase: fallback.Delivered, Try: 1},
		History: []fallback.Attempt{
			{Best: fallback.FactSent, End: fallback.Undelivered, Reason: "status 6", Claimed: at(1), Reported: at(2)},
			{Leg: 1, Best: fallback.FactStarted, End: fallback.Refused, Reason: "no number", Claimed: at(3), Reported: at(4)},
			{Try: 1, Best: fallback.FactDelivered, Claimed: at(8), Reported: at(9)},
		},
	}
}

func TestNewsIsToldAsItWas(t *testing.T) {
	t.Parallel()
	r := retried()
	kept := *r
	at := func(m int) time.Time { return eventTime.Add(time.Duration(m) * time.Minute) }
	for name, x := range map[string]struct {
		news     fallback.News
		kind     string
		phase    string
		channel  campaign.Channel
		reason   string
		attempts int
		closed   bool
	}{
		"the escalation":   {fallback.News{Kind: fallback.NewsEscalated, Phase: fallback.Scheduled, Leg: 0, Next: 1, At: at(2)}, "message.escalated", "scheduled", campaign.SMS, "no number", 2, false},
		"the first close":  {fallback.News{Kind: fallback.NewsClosed, Phase: fallback.Failed, Leg: 1, At: at(4)}, "message.closed", "failed", campaign.SMS, "no number", 2, true},
		"the second close": {fallback.News{Kind: fallback.NewsClosed, Phase: fallback.Delivered, Try: 1, At: at(9)}, "message.closed", "delivered", campaign.WhatsApp, "", 3, true},
	} {
		x.news.Message = r.ID
		e := api.NewMessageEvent(eventCampaign, r, x.news, false, nil)
		d := e.Data
		if e.Type != x.kind || !e.At.Equal(x.news.At) || d.Phase != x.phase || d.Channel != x.channel || d.Reason != x.reason || len(d.Attempts) != x.attempts || (d.ClosedAt != nil) != x.closed {
			t.Errorf("%s is told as %+v", name, e)
		}
		if escalated := x.news.Kind == fallback.NewsEscalated; (d.Left != nil) != escalated || escalated && (d.Left.Account != "qlara" || d.Next.Account != "other") {
			t.Errorf("%s goes from %+v to %+v", name, d.Left, d.Next)
		}
		if d.Key != "order-17" || d.Row != 5 || d.Message != r.ID || d.Campaign != "spring" {
			t.Errorf("%s is of %+v", name, d)
		}
	}
	if r.State != kept.State || len(r.History) != 3 || !r.Closed.Equal(kept.Closed) {
		t.Errorf("telling changed the record to %+v", r)
	}
}

// TestTheNumberIsToldOnlyWhereItIsAskedFor also holds what is posted against its description.
func TestTheNumberIsToldOnlyWhereItIsAskedFor(t *testing.T) {
	t.Parallel()
	r := retried()
	news := fallback.News{Message: r.ID, Kind: fallback.NewsEscalated, Phase: fallback.Scheduled, Next: 1, At: eventTime}
	reply := campaign.Receipt{Account: "qlara", Channel: campaign.SMS, Text: "ciao"}
	from := reply
	from.From = r.To
	h := open(t)
	for name, x := range map[string]struct {
		event  any
		schema string
		number bool
	}{
		"a message without":     {api.NewMessageEvent(eventCampaign, r, news, false, nil), "MessageNews", false},
		"a message with it":     {api.NewMessageEvent(eventCampaign, r, news, true, nil), "MessageNews", true},
		"a reply without":       {api.NewInboundEvent(reply, eventTime, false, eventCampaign, r), "Written", false},
		"a reply with it":       {api.NewInboundEvent(from, eventTime, true, eventCampaign, r), "Written", true},
		"a reply to no message": {api.NewInboundEvent(reply, eventTime, false, nil, nil), "Written", false},
	} {
		text, err := json.Marshal(x.event)
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.Contains(numbers.FindAllString(string(text), -1), "393401234567"); got != x.number {
			t.Errorf("%s tells the number: %v\n%s", name, got, text)
		}
		var told struct {
			Type      string
			Timestamp time.Time
			Data      map[string]any
		}
		if err := json.Unmarshal(text, &told); err != nil || told.Type == "" || told.Timestamp.IsZero() {
			t.Fatalf("%s: %v\n%s", name, err, text)
		}
		want := h.schema(x.schema)
		for key := range told.Data {
			if want.Properties[key] == nil {
				t.Errorf("%s tells %q, which %s has not", name, key, x.schema)
			}
		}
		for _, key := range want.Required {
			if _, there := told.Data[key]; !there {
				t.Errorf("%s does not tell %q, which %s always has", name, key, x.schema)
			}
		}
	}
}
