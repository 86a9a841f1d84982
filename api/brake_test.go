package api_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
)

// codes explain the reasons that the tests use.
type codes struct{}

func (codes) Explain(reason string) (provider.Code, bool) {
	c, found := map[string]provider.Code{
		"unknown subscriber": {Outcome: provider.Outcome{Kind: provider.Refused}, Meaning: "the number is not in use", Mend: "take it off the list"},
		"no credit": {Outcome: provider.Outcome{Kind: provider.Misconfigured, Scope: provider.AccountScope},
			Meaning: "the account has no credit left", Mend: "top it up", Run: provider.Wrong},
		"too fast": {Outcome: provider.Outcome{Kind: provider.Postponed, Throttled: true}, Meaning: "too fast", Mend: "nothing"},
	}[reason]
	return c, found
}

// brakes remember what was stopped.
type brakes struct{ done []string }

func (b *brakes) Misconfigured(_ context.Context, l campaign.Lane, account bool, requested time.Time, reason string) error {
	if requested.IsZero() {
		reason = "without the time of its request: " + reason
	}
	b.done = append(b.done, fmt.Sprintf("%s, account %t: %s", l, account, reason))
	return nil
}

func (b *brakes) Throttled(_ context.Context, l campaign.Lane) error {
	b.done = append(b.done, l.String()+" is throttled")
	return nil
}

// braked is an API that is told receipts, and what it stops for them.
func braked(t *testing.T) (*house, *told, *brakes) {
	r, b := &told{}, &brakes{}
	return open(t, func(o *api.Options) {
		o.Accounts["qlara"] = api.Account{Secrets: o.Accounts["qlara"].Secrets, Reporter: r, Codes: codes{}}
		o.Brake = b
	}), r, b
}

func TestARunOfReceiptsStopsTheAccount(t *testing.T) {
	t.Parallel()
	h, r, b := braked(t)
	h.running(25)
	for i := range 25 {
		attempt := h.waitOn(h.message(i), 0)
		r.receipts = []campaign.Receipt{{Attempt: attempt, Kind: campaign.ReceiptRejected, Cause: campaign.CauseAccount, Reason: "no credit"}}
		for range 3 { // said again it is no more
			h.want("the report", h.callback("{}"), 200)
		}
		if want := i + 1; len(b.done) > 0 && want < 20 {
			t.Fatalf("after %d: %q", want, b.done)
		}
	}
	if len(b.done) != 1 || !strings.HasPrefix(b.done[0], "qlara.whatsapp, account true: campaign spring: 20 ") || !strings.Contains(b.done[0], "no credit left. To mend it: top it up") {
		t.Errorf("after 25: %q, want the account stopped once", b.done)
	}
}

func TestReceiptsOfPeopleWhoAreNotThereStopNothing(t *testing.T) {
	t.Parallel()
	h, r, b := braked(t)
	h.running(30)
	for i := range 30 {
		r.receipts = []campaign.Receipt{{Attempt: h.waitOn(h.message(i), 0), Kind: campaign.ReceiptUndeliverable, Reason: "unknown subscriber"}}
		h.want("the report", h.callback("{}"), 200)
	}
	if len(b.done) != 0 {
		t.Errorf("stopped: %q", b.done)
	}
}

func TestAThrottledReceiptHoldsTheLane(t *testing.T) {
	t.Parallel()
	h, r, b := braked(t)
	h.running(1)
	r.receipts = []campaign.Receipt{{Attempt: h.waitOn(h.message(0), 0), Kind: campaign.ReceiptRejected, Cause: campaign.CauseThrottled, Reason: "too fast"}}
	h.want("the report", h.callback("{}"), 200)
	if len(b.done) != 1 || b.done[0] != "qlara.whatsapp is throttled" {
		t.Errorf("done: %q", b.done)
	}
}

func TestAReceiptThatTheRecipientIsWrongEverywhereEndsTheMessage(t *testing.T) {
	t.Parallel()
	h, r, _ := braked(t)
	h.running(1)
	r.receipts = []campaign.Receipt{{Attempt: h.waitOn(h.message(0), 0), Kind: campaign.ReceiptRejected, Cause: campaign.CauseInvalid, Reason: "status 51"}}
	h.want("the report", h.callback("{}"), 200)
	if got := h.record(h.message(0)).State; got.Phase != fallback.Failed || got.Leg != 0 {
		t.Errorf("the message is %s, want failed on its first leg", got)
	}
}
