package redistest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

func TestEachReachesBothKinds(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, client redis.UniversalClient) {
		if err := client.Set(t.Context(), "cascade:k", "v", 0).Err(); err != nil {
			t.Fatalf("SET: %v", err)
		}
		if got, err := client.Get(t.Context(), "cascade:k").Result(); got != "v" || err != nil {
			t.Errorf("GET = %q, %v, want v", got, err)
		}
	})
}

func TestKilledServerKeepsWhatItWrote(t *testing.T) {
	t.Parallel()
	for option, want := range map[string]int64{"--appendonly yes": 1, "--appendonly no": 0} {
		t.Run(option, func(t *testing.T) {
			s := Real(t, option)
			client := s.Client(t)
			if err := client.Set(t.Context(), "cascade:k", "v", 0).Err(); err != nil {
				t.Fatalf("SET: %v", err)
			}
			s.Kill()
			if err := client.Ping(t.Context()).Err(); err == nil || s.PID != 0 {
				t.Errorf("killed: PING answered %v, PID %d", err, s.PID)
			}
			s.Restart(t)
			if got, err := client.Exists(t.Context(), "cascade:k").Result(); got != want || err != nil {
				t.Errorf("after the restart EXISTS = %d, %v, want %d", got, err, want)
			}
		})
	}
}

func TestSlowDelaysBothWaysAndKeepsTheOrder(t *testing.T) {
	t.Parallel()
	const delay = 10 * time.Millisecond
	m, _ := Mini(t)
	far := Client(t, Slow(t, m.Addr(), delay))
	asked := time.Now()
	if err := far.Set(t.Context(), "cascade:k", "v", 0).Err(); err != nil {
		t.Fatalf("SET: %v", err)
	}
	if took := time.Since(asked); took < 2*delay {
		t.Errorf("an answer took %v, want twice %v", took, delay)
	}
	pipe := far.Pipeline()
	for range 100 {
		pipe.Append(t.Context(), "cascade:k", "w")
	}
	if _, err := pipe.Exec(t.Context()); err != nil {
		t.Fatalf("a hundred APPENDs: %v", err)
	}
	if got, err := far.StrLen(t.Context(), "cascade:k").Result(); got != 101 || err != nil {
		t.Errorf("after a hundred APPENDs the value is %d long, %v, want 101", got, err)
	}
}

func TestAnOrderedFailoverSwapsTheServers(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	t.Parallel()
	w := Sentinel(t)
	former := w.Primary
	w.Failover(t)
	if w.Primary == former || w.Replica != former {
		t.Error("the servers have not changed their places")
	}
	if err := w.Primary.Client(t).Set(t.Context(), "cascade:k", "v", 0).Err(); err != nil {
		t.Errorf("SET on the new primary: %v", err)
	}
}

func TestClusterTakesKeysOnEveryNode(t *testing.T) {
	t.Parallel()
	nodes := Cluster(t)
	client := nodes.Client(t)
	for i := range 50 {
		if err := client.Set(t.Context(), fmt.Sprintf("cascade:key-%d", i), i, 0).Err(); err != nil {
			t.Fatalf("SET key-%d: %v", i, err)
		}
	}
	for _, s := range nodes.Servers {
		if n, err := s.Admin(t).DBSize(context.Background()).Result(); n == 0 || err != nil {
			t.Errorf("%s holds %d keys, %v: want some of the fifty", s.Addr, n, err)
		}
	}
}

func TestSentinelsReplaceAKilledPrimary(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	t.Parallel()
	w := Sentinel(t)
	var addrs []string
	for _, s := range w.Sentinels {
		addrs = append(addrs, s.Addr)
	}
	client := redis.NewFailoverClient(&redis.FailoverOptions{MasterName: watchedName, SentinelAddrs: addrs})
	t.Cleanup(func() { _ = client.Close() })
	if err := client.Set(t.Context(), "cascade:k", "v", 0).Err(); err != nil {
		t.Fatalf("SET: %v", err)
	}
	w.Primary.Kill()
	eventually(t, "the replica to take over", func(ctx context.Context) error {
		return client.Set(ctx, "cascade:k", "w", 0).Err()
	})
	if got, err := w.Replica.Client(t).Get(t.Context(), "cascade:k").Result(); got != "w" || err != nil {
		t.Errorf("the former replica has %q, %v, want w", got, err)
	}
}

func TestMigratedKeysAreFoundAndSplitOnesRefused(t *testing.T) {
	t.Parallel()
	nodes := Cluster(t)
	client := nodes.Client(t)
	pair := []string{"cascade:{pair}a", "cascade:{pair}b"}
	for _, key := range pair {
		if err := client.Set(t.Context(), key, key, 0).Err(); err != nil {
			t.Fatalf("SET %s: %v", key, err)
		}
	}
	before := nodes.owner(t, 0)
	nodes.Migrate(t, pair[0], func() {
		if err := client.Exists(t.Context(), pair...).Err(); !redis.IsTryAgainError(err) {
			t.Errorf("EXISTS of keys on two nodes: %v, want TRYAGAIN", err)
		}
	})
	if n, err := client.Exists(t.Context(), pair...).Result(); n != 2 || err != nil {
		t.Errorf("EXISTS after the migration = %d, %v, want 2", n, err)
	}
	if after := nodes.owner(t, 0); after != before {
		t.Errorf("slot 0 went from node %d to %d, but another slot was to be moved", before, after)
	}
}
