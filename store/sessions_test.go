package store_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/seed-438792ba/cascade/store"
	"github.com/seed-438792ba/cascade/store/redistest"
)

func TestASessionIsSharedAndEnds(t *testing.T) {
	t.Parallel()
	mini, client := redistest.Mini(t)
	s, err := store.New(t.Context(), store.Options{Client: client})
	if err != nil {
		t.Fatal(err)
	}
	var here, there scs.CtxStore = s.Sessions(), s.Sessions()
	ctx := t.Context()
	if err := here.CommitCtx(ctx, "one", []byte("held"), time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if held, found, err := there.FindCtx(ctx, "one"); string(held) != "held" || !found || err != nil {
		t.Errorf("found %q, %v, %v", held, found, err)
	}
	mini.FastForward(2 * time.Minute)
	if _, found, err := there.FindCtx(ctx, "one"); found || err != nil {
		t.Errorf("after its end: %v, %v", found, err)
	}
	_ = here.CommitCtx(ctx, "two", []byte("held"), time.Now().Add(time.Minute))
	_ = there.DeleteCtx(ctx, "two")
	if _, found, _ := here.FindCtx(ctx, "two"); found {
		t.Error("an ended session was found")
	}
	if err := here.CommitCtx(ctx, "two", []byte("held"), time.Now().Add(time.Minute)); err != nil { // a request that knew it
		t.Fatal(err)
	}
	if _, found, err := here.FindCtx(ctx, "two"); found || err != nil {
		t.Errorf("an ended session came back: %v", err)
	}
	mini.FastForward(25 * time.Hour)
	if keys := mini.Keys(); slices.ContainsFunc(keys, func(k string) bool { return strings.Contains(k, "two") }) {
		t.Errorf("of an ended session stays %q", keys)
	}
	if err := here.CommitCtx(ctx, "late", []byte("held"), time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, found, _ := here.FindCtx(ctx, "late"); found {
		t.Error("a session was kept past its end")
	}
}
