package api_test

import (
	"slices"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

var noon = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

// inPhase counts n messages of a leg in a phase.
func inPhase(leg uint8, p fallback.Phase, n int) fallback.Counts {
	return fallback.Counts{{What: fallback.InPhase, Leg: leg, By: uint8(p)}: n}
}

func TestReason(t *testing.T) {
	t.Parallel()
	at := func(h int) *time.Time { t := time.Date(2026, 12, 1, h, 0, 0, 0, time.UTC); return &t }
	route := campaign.Route{{Channel: campaign.WhatsApp, Account: "qlara"}, {Channel: campaign.SMS, Account: "qlara"}}
	plain := campaign.Campaign{Route: route}
	type status = api.Status
	whatsapp := func(l api.Lane) []api.Lane { l.Name = "qlara.whatsapp"; return []api.Lane{l} }
	tenPast := noon.Add(10 * time.Minute)
	tests := []struct {
		want     string
		state    string
		campaign campaign.Campaign
		status   status
		lanes    []api.Lane
	}{
		{want: "finished", state: "finished"},
		{want: "cancelled by ada: wrong list", state: "cancelled", status: status{By: "ada", Why: "wrong list"}},
		{want: "paused by ada", state: "paused", status: status{By: "ada"}},
		{want: "an import is running", state: "draft", status: status{Importing: true}},
		{want: "an import is running", state: "ready", status: status{Importing: true}},
		{want: "it has no recipients yet: import them", state: "draft"},
		{want: "not started", state: "ready"},
		{want: "not started", state: "draft", campaign: campaign.Campaign{Standing: true}},
		{want: "starts at 14:00:00 UTC", state: "running", campaign: campaign.Campaign{Start: *at(14)}},
		{want: "starts at 2026-12-02 12:00 UTC", state: "running", campaign: campaign.Campaign{Start: noon.Add(24 * time.Hour)}},
		{
			want: "outside its window until 2026-12-02 08:00 UTC", state: "running", status: status{Counts: inPhase(0, fallback.Scheduled, 3)},
			campaign: campaign.Campaign{Window: &campaign.Window{From: 9 * 60, To: 12 * 60, Zone: "Europe/Rome"}},
		},
		{
			want: "3 in line for their time or turn", state: "running", status: status{Counts: inPhase(0, fallback.Scheduled, 3)},
			campaign: campaign.Campaign{Window: &campaign.Window{From: 9 * 60, To: 12 * 60, Zone: campaign.RecipientZone}},
		},
		{
			want: "no receipts on qlara.whatsapp since 11:00:00 UTC: waits stand still", state: "running",
			status: status{Counts: inPhase(0, fallback.Waiting, 3)}, lanes: whatsapp(api.Lane{ReceiptsStopped: at(11)}),
		},
		{
			want:  "waiting for receipts (3); who was sent on qlara.whatsapp before 12:00:00 UTC waits longer, until 12:10:00 UTC for what was missed",
			state: "running", status: status{Counts: inPhase(0, fallback.Waiting, 3)},
			lanes: whatsapp(api.Lane{ReceiptsStopped: at(11), ReceiptsBack: &noon, WaitsUntil: &tenPast}),
		},
		{
			want: "waiting for receipts (3)", state: "running",
			status: status{Counts: inPhase(1, fallback.Waiting, 3)}, lanes: whatsapp(api.Lane{ReceiptsStopped: at(11), State: api.LaneHeld}),
		},
		{
			want: "account qlara is paused by cascade: http 401: check api_key", state: "running",
			status: status{Counts: inPhase(0, fallback.Scheduled, 3)},
			lanes:  whatsapp(api.Lane{State: api.LanePaused, Scope: "account qlara", By: "cascade", Reason: "http 401: check api_key"}),
		},
		{
			want: "qlara.whatsapp is held since 11:00:00 UTC until 13:00:00 UTC: http 429", state: "running",
			status: status{Counts: inPhase(0, fallback.Scheduled, 3)},
			lanes:  whatsapp(api.Lane{State: api.LaneHeld, Since: at(11), Until: at(13), Reason: "http 429"}),
		},
		{
			want: "qlara.whatsapp starts gently after a hold", state: "running",
			status: status{Counts: inPhase(0, fallback.Queued, 3)}, lanes: whatsapp(api.Lane{State: api.LaneGentle}),
		},
		{
			want: "at the limit of qlara.whatsapp (80/s)", state: "running",
			status: status{Counts: inPhase(0, fallback.Queued, 3)}, lanes: whatsapp(api.Lane{State: api.LaneLimit, PerSecond: 80}),
		},
		{
			want: "no worker for qlara.whatsapp", state: "running",
			status: status{Counts: inPhase(0, fallback.Queued, 3)}, lanes: whatsapp(api.Lane{State: api.LaneFree, Unserved: true}),
		},
		{want: "sending", state: "running", status: status{Counts: inPhase(1, fallback.Sending, 3)}, lanes: whatsapp(api.Lane{State: api.LaneLimit})},
		{want: "waiting for receipts (3, the last due at 13:00:00 UTC)", state: "running", status: status{Counts: inPhase(0, fallback.Unknown, 3), LastDue: *at(13)}},
		{want: "waiting for messages", state: "running", campaign: campaign.Campaign{Standing: true}},
		{want: "", state: "running"},
	}
	for _, test := range tests {
		if test.campaign.Route = route; test.campaign.ID == "" {
			test.campaign.ID = plain.ID
		}
		st := test.status
		st.Campaign, st.Summary.State = &test.campaign, test.state
		if got := api.Reason(api.Snapshot{Status: st, Lanes: test.lanes, Now: noon}); got != test.want {
			t.Errorf("%s: got %q, want %q", test.state, got, test.want)
		}
	}
}

// tale is a record with everything in it.
func tale() (*campaign.Campaign, *fallback.Record) {
	c := &campaign.Campaign{ID: "spring", Route: campaign.Route{
		{Channel: campaign.WhatsApp, Account: "qlara", Wait: 30 * time.Minute},
		{Channel: campaign.RCS, Account: "qlara", Wait: 15 * time.Minute},
		{Channel: campaign.SMS, Account: "qlara", Wait: 24 * time.Hour},
	}}
	after := func(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }
	return c, &fallback.Record{
		ID: campaign.IDKey{}.Message("spring", "+393401234567", ""), To: "+393401234567", Time: noon, Closed: after(70),
		Row:   campaign.Row{Line: 17},
		State: fallback.State{Phase: fallback.Failed, Leg: 2, Marks: fallback.Late},
		History: []fallback.Attempt{
			{Leg: 0, Best: fallback.FactDelivered, End: fallback.TimedOut, Throttled: 2, Deferred: 1, Claimed: after(1), Answered: after(2), Reported: after(90)},
			{Leg: 1, Best: fallback.FactSent, End: fallback.Undelivered, Doubt: fallback.DoubtByReceipt, Claimed: after(40), Reported: after(50)},
			{Leg: 2, Best: fallback.FactStarted, End: fallback.Refused, Reason: "unknown subscriber", Claimed: after(60), Reported: after(70)},
		},
	}
}

func TestSentences(t *testing.T) {
	t.Parallel()
	want := []string{
		"It was read from line 17 of a file, to be sent from 2026-12-01 12:00:00 UTC on.",
		"12:01 A worker took it, to send it on whatsapp over qlara.",
		"The provider asked twice to slow down (429). It went back to its line, and no attempt was used up.",
		"The provider asked once to try again later. It went back to its line each time.",
		"12:02 The provider accepted it on whatsapp.",
		"On whatsapp nothing said that it was delivered within 30m.",
		"12:40 A worker took it, to send it on rcs over qlara.",
		"Whether the provider took it was unknown for a while; a receipt, or a late answer, told.",
		"12:50 On rcs it could not be delivered.",
		"13:00 A worker took it, to send it on sms over qlara.",
		"13:10 On sms the provider refused it: unknown subscriber.",
		"That means: the number is not in use. What to do: take it off the list.",
		"13:10 The message was closed as failed.",
		"13:30 On whatsapp it was delivered.",
		"The news of its delivery came after the close: it is marked late, and never tried again.",
	}
	var got []string
	c, r := tale()
	for _, s := range api.Sentences(c, r, api.Codes{"qlara": codes{}}) {
		text := s.Text
		if !s.At.IsZero() {
			text = s.At.Format("15:04 ") + text
		}
		got = append(got, text)
	}
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			t.Errorf("sentence %d is missing: %q", i, want[i])
		case i >= len(want):
			t.Errorf("sentence %d is too many: %q", i, got[i])
		case got[i] != want[i]:
			t.Errorf("sentence %d:\n got %q\nwant %q", i, got[i], want[i])
		}
	}
}

func TestLine(t *testing.T) {
	t.Parallel()
	c, r := tale()
	l := api.NewLine(c, r, false, api.Codes{"qlara": codes{}})
	if l.Reason != "unknown subscriber" || l.Meaning != "the number is not in use" || l.Mend != "take it off the list" || l.Attempts[2].Meaning != l.Meaning || !l.Late || l.Channel != campaign.SMS || !l.ClosedAt.Equal(r.Closed) {
		t.Errorf("the line is %+v", l)
	}
	outcomes := []string{"delivered", "undelivered", "refused"}
	for i, a := range l.Attempts {
		if a.Outcome != outcomes[i] || !a.At.Equal(r.History[i].Reported) || a.ID != r.ID.Attempt(i, 0) {
			t.Errorf("attempt %d is %+v, want %s", i, a, outcomes[i])
		}
	}
	open := fallback.Attempt{Claimed: noon}
	for want, a := range map[string]fallback.Attempt{
		"postponed": open,
		"started":   {Best: fallback.FactStarted},
		"accepted":  {Best: fallback.FactAccepted, Answered: noon},
		"unknown":   {Best: fallback.FactStarted, Doubt: fallback.InDoubt},
	} {
		r.History = []fallback.Attempt{a}
		if got := api.NewLine(c, r, false, nil).Attempts[0].Outcome; got != want {
			t.Errorf("%+v is %q, want %q", a, got, want)
		}
	}
}

// TestAReceiptThatOvertakesItsAnswer is told in the order of what came: never an answer
// after the close.
func TestAReceiptThatOvertakesItsAnswer(t *testing.T) {
	t.Parallel()
	c, r := tale()
	second := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Second) }
	r.State, r.Closed = fallback.State{Phase: fallback.Delivered}, second(2)
	for _, answered := range []time.Time{{}, second(3)} {
		r.History = []fallback.Attempt{{Best: fallback.FactDelivered, Claimed: second(1), Answered: answered, Reported: second(2)}}
		var got []string
		for _, s := range api.Sentences(c, r, nil)[1:] {
			got = append(got, s.Text)
		}
		want := []string{"A worker took it, to send it on whatsapp over qlara.", "On whatsapp it was delivered.",
			"That was told before the provider had answered the request.", "The message was closed as delivered."}
		if !slices.Equal(got, want) {
			t.Errorf("answered at %s:\n got %q\nwant %q", answered, got, want)
		}
	}
}
