package store

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/store/redistest"
)

// While a slot is between two nodes its commands wait, each is done once in the end, and
// those of other slots are not kept waiting: by each client, and in a pipeline.
func TestCommandsWaitForASlotOnItsWay(t *testing.T) {
	t.Parallel()
	nodes := redistest.Cluster(t)
	r, err := Connect(nodes.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	const callers = 40
	pair := []string{"{pair}count", "{pair}other"}
	both := redis.NewScript(`redis.call("SET", KEYS[2], 1) return redis.call("INCR", KEYS[1])`)
	for _, key := range pair {
		must(t, r.Plain.Set(t.Context(), key, 0, 0).Err())
	}
	must(t, both.Load(t.Context(), r.Plain).Err())
	ways := map[string]func(ctx context.Context) error{
		"plain":   func(ctx context.Context) error { return both.Run(ctx, r.Plain, pair).Err() },
		"batched": func(ctx context.Context) error { return both.Run(ctx, r.Batched, pair).Err() },
		"pipeline": func(ctx context.Context) error {
			_, err := r.Plain.Pipelined(ctx, func(p redis.Pipeliner) error {
				p.EvalSha(ctx, both.Hash(), []string{"{elsewhere}count", "{elsewhere}other"})
				p.EvalSha(ctx, both.Hash(), pair)
				return nil
			})
			return err
		},
	}
	var waiting sync.WaitGroup
	nodes.Migrate(t, pair[0], func() {
		for name, way := range ways {
			for range callers {
				waiting.Go(func() {
					if err := way(t.Context()); err != nil {
						t.Errorf("%s: %v", name, err)
					}
				})
			}
		}
		refusedSoOften(t, nodes, callers*len(ways))
		for name, client := range map[string]redis.UniversalClient{"plain": r.Plain, "batched": r.Batched} {
			if err := incrementTogether(t, client, name); err != nil {
				t.Errorf("keys of other slots, %s: %v", name, err)
			}
		}
	})
	waiting.Wait()
	for key, want := range map[string]int{pair[0]: callers * len(ways), "{elsewhere}count": callers} {
		if n, err := r.Plain.Get(t.Context(), key).Int(); n != want || err != nil {
			t.Errorf("%s is %d, %v, want %d: each command once", key, n, err, want)
		}
	}
}

// refusedSoOften waits until the nodes have answered TRYAGAIN so often.
func refusedSoOften(t *testing.T, nodes *redistest.Nodes, want int) {
	t.Helper()
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for deadline := time.Now().Add(20 * time.Second); ; <-ticker.C {
		total := 0
		for _, s := range nodes.Servers {
			text, err := s.Client(t).Info(t.Context(), "errorstats").Result()
			must(t, err)
			_, count, _ := strings.Cut(text, "errorstat_TRYAGAIN:count=")
			count, _, _ = strings.Cut(count, "\r")
			n, _ := strconv.Atoi(count)
			total += n
		}
		if total >= want {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the nodes answered TRYAGAIN %d times, want %d", total, want)
		}
	}
}

// A command does not wait for longer than its caller.
func TestACallerMayGiveUpOnASlot(t *testing.T) {
	t.Parallel()
	nodes := redistest.Cluster(t)
	r, err := Connect(nodes.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	pair := []string{"{pair}a", "{pair}b"}
	for _, key := range pair {
		must(t, r.Plain.Set(t.Context(), key, 0, 0).Err())
	}
	nodes.Migrate(t, pair[0], func() {
		ctx, done := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer done()
		err := r.Plain.MGet(ctx, pair...).Err()
		if !redis.IsTryAgainError(err) && !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("MGET of keys on two nodes: %v, want TRYAGAIN", err)
		}
	})
}
