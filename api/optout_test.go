package api_test

import (
	"net/url"
	"testing"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/fallback"
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
