package provider

import (
	"context"
	"testing"
	"time"
)

func TestWhatHoldsForEveryProvider(t *testing.T) {
	unknown := Outcome{Kind: Unknown, Fault: true}
	lane := Outcome{Kind: Misconfigured, Scope: LaneScope}
	account := Outcome{Kind: Misconfigured, Scope: AccountScope}
	for status, want := range map[int]Outcome{
		101: unknown, 300: unknown, 302: unknown, 303: unknown, 304: unknown,
		301: account, 307: account, 308: account,
		400: lane, 405: lane, 418: lane,
		429: {Kind: Postponed, Throttled: true, RetryAfter: time.Second},
		500: unknown, 502: unknown, 503: unknown, 504: unknown, 599: unknown, 999: unknown,
	} {
		got := Answers{}.Outcome(Exchange{Written: true, Status: status, RetryAfter: time.Second}, "")
		got.Reason = ""
		if got != want {
			t.Errorf("status %d: %+v, want %+v", status, got, want)
		}
	}
}

func TestRowsWin(t *testing.T) {
	table := Answers{400: {Outcome: Outcome{Kind: Refused}}, 503: {Outcome: Outcome{Kind: Unavailable, Fault: true}}}
	if got, want := table.Outcome(Exchange{Written: true, Status: 400}, "no"), (Outcome{Kind: Refused, Reason: "http 400: no"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	x := Exchange{Written: true, Status: 503, RetryAfter: time.Minute}
	if got, want := table.Outcome(x, ""), (Outcome{Kind: Unavailable, Fault: true, Reason: "http 503"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestNoAnswer(t *testing.T) {
	for _, c := range []struct {
		written, fault bool
		want           Kind
	}{{false, true, Postponed}, {false, false, Postponed}, {true, true, Unknown}, {true, false, Unknown}} {
		got := Answers{}.Outcome(Exchange{Written: c.written, Fault: c.fault, Err: context.DeadlineExceeded}, "")
		if got.Kind != c.want || got.Fault != c.fault || got.Throttled || got.Reason == "" {
			t.Errorf("written %t, fault %t: %+v, want %s with that fault", c.written, c.fault, got, c.want)
		}
	}
}
