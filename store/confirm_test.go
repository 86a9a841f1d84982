package store

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/store/redistest"
)

func ofReplicas(f Finding) bool { return strings.Contains(f.Text, "replicas") }

// What no replica has does not count, by whichever way it went; not even what is read.
func TestNothingCountsWithoutItsReplica(t *testing.T) {
	if testing.Short() {
		t.Skip("sentinels take some seconds to find each other")
	}
	t.Parallel()
	w := redistest.Sentinel(t)
	r, err := Connect(w.URL + "&replicas=1")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	increment := redis.NewScript(`return redis.call("INCR", KEYS[1])`)
	ways := map[string]func(context.Context) error{
		"plain": func(ctx context.Context) error { return increment.Run(ctx, r.Client, []string{"cascade:k"}).Err() },
		"read":  func(ctx context.Context) error { return r.Client.HMGet(ctx, "cascade:h", "f").Err() },
		"nothing": func(ctx context.Context) error {
			if err := r.Client.Get(ctx, "cascade:none").Err(); !errors.Is(err, redis.Nil) {
				return err
			}
			return nil
		},
		"pipeline": func(ctx context.Context) error {
			_, err := r.Client.Pipelined(ctx, func(p redis.Pipeliner) error { p.Incr(ctx, "cascade:k"); p.Get(ctx, "cascade:k"); return nil })
			return err
		},
	}
	all := func(want error) {
		t.Helper()
		for name, way := range ways {
			if err := way(t.Context()); !errors.Is(err, want) {
				t.Errorf("%s: %v, want %v", name, err, want)
			}
		}
	}
	all(nil)
	if facts, findings, err := r.Preflight(t.Context()); err != nil || facts.Replicas != 1 || slices.ContainsFunc(findings, ofReplicas) {
		t.Errorf("preflight: %+v, %+v, %v, want one replica and nothing to say of it", facts, findings, err)
	}
	careless := &Redis{Client: r.Client}
	if _, findings, err := careless.Preflight(t.Context()); err != nil || !slices.ContainsFunc(findings, ofReplicas) {
		t.Errorf("preflight without replicas=1: %+v, %v, want a warning", findings, err)
	}
	if replica, err := w.Replica.Client(t).Get(t.Context(), "cascade:k").Int(); replica != 2 || err != nil {
		t.Errorf("when two increments were answered, the replica had %d, %v", replica, err)
	}
	w.Replica.Kill()
	all(ErrUnconfirmed)
	must(t, r.Client.Ping(t.Context()).Err())
	w.Replica.Restart(t)
	soon(t, "something to count again", func() error { return ways["plain"](t.Context()) })
	all(nil)
}
