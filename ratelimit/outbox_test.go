package ratelimit

import (
	"testing"
	"time"
)

func TestOutboxMergesHolds(t *testing.T) {
	t.Parallel()
	here, whole := lane(t, "a.sms"), account(t)
	var o outbox
	for _, h := range []hold{
		{scope: here, reason: "backoff"},
		{scope: here, span: 2 * time.Second, reason: "two"},
		{scope: whole, span: time.Second, reason: "account"},
		{scope: here, span: time.Second, reason: "one"},
		{scope: here, reason: "backoff"},
	} {
		o.hold(h)
	}
	for _, want := range []string{"two", "account"} {
		if h, ok := o.takeHold(); !ok || h.reason != want {
			t.Errorf("took %q, %v, want %q", h.reason, ok, want)
		}
	}
	if !o.empty() {
		t.Errorf("%+v is left, want nothing", o)
	}
}

func TestOutboxAddsUpReports(t *testing.T) {
	t.Parallel()
	one, two := block{lane(t, "a.sms"), 1}, block{lane(t, "a.sms"), 2}
	var o outbox
	o.count(one, true)
	o.count(two, true)
	o.count(one, true)
	o.count(one, false)
	first, _ := o.takeReport()
	if first.ok != 2 || first.unused != 1 || first.mark == 0 {
		t.Errorf("first report is %+v, want 2 ok, 1 unused and a mark", first)
	}
	o.reports = append(o.reports, first) // it could not be sent
	o.count(one, true)
	o.takeReport()
	if again, _ := o.takeReport(); again.mark != first.mark || again.ok != 2 {
		t.Errorf("the repeated report is %+v, want %+v", again, first)
	}
	if late, _ := o.takeReport(); late.ok != 1 || late.mark == first.mark {
		t.Errorf("the report after it is %+v, want 1 ok under another mark", late)
	}
}
