package store

import (
	"context"
	"errors"
	"fmt"
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
	pair := []string{"cascade:{pair}count", "cascade:{pair}other"}
	both := redis.NewScript(`redis.call("SET", KEYS[2], 1) return redis.call("INCR", KEYS[1])`)
	for _, key := range pair {
		must(t, r.Client.Set(t.Context(), key, 0, 0).Err())
	}
	must(t, both.Load(t.Context(), r.Client).Err())
	ways := map[string]func(ctx context.Context) error{
		"plain": func(ctx context.Context) error { return both.Run(ctx, r.Client, pair).Err() },
		"pipeline": func(ctx context.Context) error {
			_, err := r.Client.Pipelined(ctx, func(p redis.Pipeliner) error {
				p.EvalSha(ctx, both.Hash(), []string{"cascade:{elsewhere}count", "cascade:{elsewhere}other"})
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
		if err := incrementTogether(t, r.Client, "cascade:elsewhere"); err != nil {
			t.Errorf("keys of other slots: %v", err)
		}
	})
	waiting.Wait()
	for key, want := range map[string]int{pair[0]: callers * len(ways), "cascade:{elsewhere}count": callers} {
		if n, err := r.Client.Get(t.Context(), key).Int(); n != want || err != nil {
			t.Errorf("%s is %d, %v, want %d: each command once", key, n, err, want)
		}
	}
}

// refusedSoOften waits until the nodes have answered TRYAGAIN so often.
func refusedSoOften(t *testing.T, nodes *redistest.Nodes, want int) {
	t.Helper()
	var clients []*redis.Client
	for _, s := range nodes.Servers {
		clients = append(clients, s.Admin(t))
	}
	soon(t, "the nodes to refuse commands", func() error {
		total := 0
		for _, client := range clients {
			text, err := client.Info(t.Context(), "errorstats").Result()
			must(t, err)
			_, count, _ := strings.Cut(text, "errorstat_TRYAGAIN:count=")
			count, _, _ = strings.Cut(count, "\r")
			n, _ := strconv.Atoi(count) // 0 where it never did
			total += n
		}
		if total < want {
			return fmt.Errorf("they answered TRYAGAIN %d times, want %d", total, want)
		}
		return nil
	})
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
	pair := []string{"cascade:{pair}a", "cascade:{pair}b"}
	for _, key := range pair {
		must(t, r.Client.Set(t.Context(), key, 0, 0).Err())
	}
	nodes.Migrate(t, pair[0], func() {
		ctx, done := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer done()
		err := r.Client.Exists(ctx, pair...).Err()
		if !redis.IsTryAgainError(err) && !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("EXISTS of keys on two nodes: %v, want TRYAGAIN", err)
		}
	})
}

// A replica of a cluster is waited for where the address says so, and is found when it
// has taken its primary's place.
func TestACommandFindsWhoTookOver(t *testing.T) {
	if testing.Short() {
		t.Skip("a take-over takes some seconds")
	}
	t.Parallel()
	nodes := redistest.Cluster(t)
	primary := nodes.Servers[0]
	nodes.Replicate(t, primary)
	r, err := Connect(nodes.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	careful, err := Connect(nodes.URL + "?replicas=1")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = careful.Close() }()

	admin := nodes.Servers[1].Admin(t)
	key := func(first, last int64) string { // whose slot is one of these
		for i := 0; ; i++ {
			name := "cascade:" + strconv.Itoa(i)
			if slot, err := admin.ClusterKeySlot(t.Context(), name).Result(); err != nil || first <= slot && slot <= last {
				return name
			}
		}
	}
	followed, alone := key(0, 5000), key(6000, 16383)
	set := redis.NewScript(`return redis.call("SET", KEYS[1], 1)`)
	if err := set.Run(t.Context(), careful.Client, []string{followed}).Err(); err != nil {
		t.Errorf("SET where there is a replica: %v", err)
	}
	if err := set.Run(t.Context(), careful.Client, []string{alone}).Err(); !errors.Is(err, ErrUnconfirmed) {
		t.Errorf("SET where there is none: %v, want %v", err, ErrUnconfirmed)
	}
	must(t, set.Run(t.Context(), r.Client, []string{followed}).Err())
	primary.Kill()
	soon(t, "the replica to be found", func() error { return set.Run(t.Context(), r.Client, []string{followed}).Err() })
}

// soon tries until it works, and gives up after 20 s: go-redis looks for the owners of
// slots by itself once a minute.
func soon(t *testing.T, what string, try func() error) {
	t.Helper()
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for deadline := time.Now().Add(20 * time.Second); ; <-ticker.C {
		err := try()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("waited 20s for %s: %v", what, err)
		}
	}
}
