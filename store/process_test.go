package store

import (
	"slices"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/store/redistest"
)

func TestProcessesTellOfThemselves(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		since := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
		first := Process{Name: "one", Roles: []string{"api", "worker"}, Host: "here", PID: 7, Version: "v1", Since: since, InHand: 3}
		must(t, h.Beat(ctx, first))
		must(t, h.Beat(ctx, Process{Name: "two", Roles: []string{"scheduler"}}))
		first.InHand, first.Draining = 1, true
		must(t, h.Beat(ctx, first))
		_, err := h.Lease(ctx, "two", time.Minute)
		must(t, err)
		list, err := h.Processes(ctx)
		must(t, err)
		if len(list) != 2 {
			t.Fatalf("got %+v, want two", list)
		}
		slices.SortFunc(list, func(a, b Process) int { return len(b.Roles) - len(a.Roles) })
		got := list[0]
		if time.Since(got.Seen).Abs() > time.Minute {
			t.Errorf("seen at %s", got.Seen)
		}
		got.Seen = time.Time{}
		if got.Name != "one" || !slices.Equal(got.Roles, first.Roles) || got.InHand != 1 || !got.Draining || got.Lost || got.Acts || !got.Since.Equal(since) {
			t.Errorf("got %+v, want %+v", got, first)
		}
		if !list[1].Acts {
			t.Error("the scheduler that has the lease does not act")
		}
		must(t, h.Leave(ctx, "one"))
		if list, err = h.Processes(ctx); err != nil || len(list) != 1 || list[0].Name != "two" {
			t.Errorf("after one has ended: %+v, %v", list, err)
		}
	})
}

func TestWhoIsSilentIsLostAndThenForgotten(t *testing.T) {
	mini, client := redistest.Mini(t)
	h := open(t, client)
	ctx, now := t.Context(), time.Now().Truncate(time.Millisecond)
	at := func(d time.Duration) []Process {
		t.Helper()
		mini.SetTime(now.Add(d))
		list, err := h.Processes(ctx)
		must(t, err)
		return list
	}
	mini.SetTime(now)
	must(t, h.Beat(ctx, Process{Name: "one"}))
	if list := at(lostAfter); len(list) != 1 || list[0].Lost {
		t.Errorf("after %s: %+v, want it to live", lostAfter, list)
	}
	if list := at(lostAfter + time.Second); len(list) != 1 || !list[0].Lost {
		t.Errorf("a second later: %+v, want it to be lost", list)
	}
	mini.SetTime(now.Add(lostKeptFor + time.Second))
	must(t, h.Beat(ctx, Process{Name: "two"}))
	if list := at(lostKeptFor + time.Second); len(list) != 1 || list[0].Name != "two" {
		t.Errorf("after %s: %+v, want the other alone", lostKeptFor, list)
	}
}
