package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
)

func TestStopSuppressesEveryOpenMessage(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(2)
	h.waitOn(h.message(0), 0)
	form := url.Values{"originator": {person(0).E164()}, "destination": {"+393331234333"}, "date_time": {"20260514102301"}, "text": {"STOP"}}
	got := h.want("STOP by SMS", h.do("POST", callbacks, "", "application/x-www-form-urlencoded", form.Encode()), 200)
	if got.body != "+OK" {
		t.Errorf("an inbound SMS was answered %q, want +OK", got.body)
	}
	if got := h.record(h.message(0)).State.Phase; got != fallback.Suppressed {
		t.Errorf("the message is %s, want suppressed", got)
	}
	if got := h.record(h.message(1)).State.Phase; got != fallback.Scheduled {
		t.Errorf("another person's message is %s, want scheduled", got)
	}
	suppressed, err := h.Suppressed(t.Context(), person(0), person(1))
	if err != nil || !suppressed[0] || suppressed[1] {
		t.Errorf("suppressed: %v, %v, want the first only", suppressed, err)
	}
	if n := h.counted("qlara", api.ReceiptOrphaned); n != 0 {
		t.Errorf("an opt-out counts as %d orphans", n)
	}
}

func TestOtherInboundMessagesChangeNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(1)
	for _, file := range []string{"whatsapp-inbound-text-callback.json", "whatsapp-inbound-media-callback.json", "rcs-inbound-callback.json"} {
		h.want(file, h.callback(shape(t, file, "source", person(0).E164())), 200)
	}
	if got := h.record(h.message(0)).State.Phase; got != fallback.Scheduled {
		t.Errorf("the message is %s, want scheduled", got)
	}
	if in, out := h.counted("qlara", api.InboundMessage), h.counted("qlara", api.OptOut); in != 3 || out != 0 {
		t.Errorf("%d inbound and %d opt-outs are counted, want 3 and 0", in, out)
	}
}

// told reports what a test wants told.
type told struct{ receipts []campaign.Receipt }

func (r told) Receipts(*http.Request) ([]campaign.Receipt, provider.Ack, error) {
	return r.receipts, provider.Ack{}, nil
}

func TestAReportThatThePersonOptedOutSendsNoOtherLeg(t *testing.T) {
	t.Parallel()
	r := &told{}
	h := open(t, func(o *api.Options) {
		o.Accounts["qlara"] = api.Account{Secrets: o.Accounts["qlara"].Secrets, Reporter: r}
	})
	h.running(1)
	attempt := h.waitOn(h.message(0), 0)
	r.receipts = []campaign.Receipt{{Attempt: attempt, Kind: campaign.ReceiptRejected, Cause: campaign.CauseOptedOut, Reason: "error 7003"}}
	h.want("the report", h.callback("{}"), 200)
	got := h.record(h.message(0))
	if got.State.Phase != fallback.Suppressed || len(got.History) != 1 || got.History[0].End != fallback.Rejected {
		t.Errorf("the message is %s with the history %+v, want suppressed with the rejection", got.State, got.History)
	}
	if suppressed, err := h.Suppressed(t.Context(), person(0)); err != nil || !suppressed[0] {
		t.Errorf("the person is suppressed: %v, %v", suppressed, err)
	}
}

func TestWhatPeopleWriteOverWhatsAppOpensTheWindow(t *testing.T) {
	t.Parallel()
	h := open(t)
	files := []struct {
		file string
		open bool
	}{{"whatsapp-inbound-text-callback.json", true}, {"whatsapp-inbound-media-callback.json", true}, {"rcs-inbound-callback.json", false}}
	for i, f := range files {
		body := shape(t, f.file, "source", person(i).E164())
		body = strings.ReplaceAll(body, "2025-10-31T", time.Now().Add(-time.Minute).UTC().Format("2006-01-02T")) // a day past is no news
		h.want(f.file, h.callback(body), 200)
		if got, err := h.WindowOpen(t.Context(), "qlara", person(i)); err != nil || got != f.open {
			t.Errorf("after %s the window is open: %t, %v; want %t", f.file, got, err, f.open)
		}
	}
}

func TestADeploymentsOwnStopWord(t *testing.T) {
	t.Parallel()
	words, err := campaign.NewStopWords("nie wieder")
	if err != nil {
		t.Fatal(err)
	}
	h := open(t, func(o *api.Options) { o.StopWords = words })
	form := url.Values{"originator": {person(0).E164()}, "text": {"Nie wieder!"}}
	h.want("by SMS", h.do("POST", callbacks, "", "application/x-www-form-urlencoded", form.Encode()), 200)
	if suppressed, err := h.Suppressed(t.Context(), person(0)); err != nil || !suppressed[0] {
		t.Errorf("the person is suppressed: %v, %v", suppressed, err)
	}
}
