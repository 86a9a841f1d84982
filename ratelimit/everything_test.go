package ratelimit

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestAPauseOfEverythingStopsEveryLane(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, client := bubbleRedis(t)
		l := New(client, Options{})
		ctx := t.Context()
		queries := []Query{
			{Lane: lane(t, "a.sms", "50/1s"), Account: Account("a")},
			{Lane: Scope{Kind: LaneKind, Name: "b.rcs"}, Account: Account("b"), Campaign: Scope{CampaignKind, "1", limits(t, "5/1s")}},
		}
		look := func(cause Cause, kind Kind, reason string) {
			t.Helper()
			all, err := l.Status(ctx, queries)
			if err != nil {
				t.Fatal(err)
			}
			for i, st := range all {
				if st.Cause != cause || st.Kind != kind || st.Reason != reason {
					t.Errorf("lane %d: %s of %s for %q, want %s of %s for %q", i, st.Cause, st.Kind, st.Reason, cause, kind, reason)
				}
			}
		}
		look(None, "", "")
		if err := l.Pause(ctx, queries[0].Account, "bad key", "cascade"); err != nil {
			t.Fatal(err)
		}
		if err := l.Pause(ctx, Everything(), "wrong file", "ann"); err != nil {
			t.Fatal(err)
		}
		p := l.Pacer(queries[1].Lane, queries[1].Account)
		if _, err := p.Turn(ctx, Scope{}); err == nil {
			t.Error("a slot was had while everything is paused")
		}
		if err := l.Release(ctx, Everything()); err != nil {
			t.Fatal(err)
		}
		all, err := l.Status(ctx, queries)
		if err != nil || all[0].Kind != AccountKind || all[1].Cause != None {
			t.Errorf("after the release: %+v %v, want the account's own pause to stand", all, err)
		}
		time.Sleep(shut)
		if slot, err := p.Turn(ctx, Scope{}); err != nil {
			t.Errorf("no slot after the release: %v", err)
		} else {
			p.Done(slot, Result{Kind: OK})
		}
		if err := p.Flush(ctx); err != nil {
			t.Error(err)
		}
	})
}
