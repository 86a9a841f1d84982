package redistest

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
)

// Failover orders the sentinels to make the replica the primary, and returns when all of
// them say that it is. Sentinel asks nobody to wait: the former primary takes what it is
// told for some seconds more, and forgets it when it follows; see Follows.
func (w *Watched) Failover(t testing.TB) {
	t.Helper()
	client := redis.NewSentinelClient(&redis.Options{Addr: w.Sentinels[0].Addr})
	defer func() { _ = client.Close() }()
	if err := client.Failover(context.Background(), watchedName).Err(); err != nil {
		t.Fatalf("order a failover: %v", err)
	}
	w.TakesOver(t)
}

// TakesOver waits until all sentinels say that the replica is the primary, after a
// failover or when the primary was killed. From then on Primary is the new one.
func (w *Watched) TakesOver(t testing.TB) {
	t.Helper()
	host, port, err := net.SplitHostPort(w.Replica.Addr)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range w.Sentinels {
		client := redis.NewSentinelClient(&redis.Options{Addr: s.Addr})
		eventually(t, "the sentinel "+s.Addr+" to name the new primary", func(ctx context.Context) error {
			said, err := client.GetMasterAddrByName(ctx, watchedName).Result()
			if err == nil && (len(said) != 2 || said[0] != host || said[1] != port) {
				err = fmt.Errorf("it says %s", said)
			}
			return err
		})
		_ = client.Close()
	}
	w.Primary, w.Replica = w.Replica, w.Primary
}

// Follows waits until the replica has the primary's data and the sentinels know it. A
// former primary comes to that by itself; one that was killed must be started again.
func (w *Watched) Follows(t testing.TB) {
	t.Helper()
	replica := w.Replica.Admin(t)
	eventually(t, "the replica to follow", func(ctx context.Context) error { return following(ctx, replica) })
	for _, s := range w.Sentinels {
		eventually(t, "the sentinel "+s.Addr+" to see all", func(ctx context.Context) error { return sees(ctx, s) })
	}
}

// following says whether a replica has its primary's data.
func following(ctx context.Context, replica *redis.Client) error {
	info, err := replica.Info(ctx, "replication").Result()
	if err == nil && !strings.Contains(info, "master_link_status:up") {
		err = fmt.Errorf("INFO replication: %s", info)
	}
	return err
}
