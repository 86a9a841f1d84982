package redistest

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Nodes is a Redis Cluster of three primaries without replicas.
type Nodes struct {
	Servers []*Server
	URL     string // redis-cluster://host:port,host:port,host:port

	clients []*redis.Client // of each server by itself
}

const slots = 16384

// Cluster starts three redis-servers that share the slots of a cluster, and waits
// until each of them knows it. Each of args is one option, as for Real.
func Cluster(t testing.TB, args ...string) *Nodes {
	t.Helper()
	const size = 3
	path := need(t, "redis-server")
	n := &Nodes{}
	var addrs []string
	args = append([]string{"--cluster-enabled yes", "--cluster-node-timeout 2000"}, args...)
	for range size {
		s := start(t, path, freePort(t), args)
		n.Servers, n.clients = append(n.Servers, s), append(n.clients, s.Client(t))
		addrs = append(addrs, s.Addr)
	}
	n.URL = "redis-cluster://" + strings.Join(addrs, ",")
	for i := range n.Servers {
		n.join(t, i, i*slots/size, (i+1)*slots/size-1)
	}
	for i, s := range n.Servers {
		eventually(t, "the cluster as seen from "+s.Addr, func(ctx context.Context) error {
			return whole(ctx, n.clients[i], size)
		})
	}
	return n
}

// Client connects to the whole cluster until the test ends.
func (n *Nodes) Client(t testing.TB) *redis.ClusterClient {
	t.Helper()
	var addrs []string
	for _, s := range n.Servers {
		addrs = append(addrs, s.Addr)
	}
	client := redis.NewClusterClient(&redis.ClusterOptions{
		Addrs:                    addrs,
		DisableIdentity:          true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	})
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// join gives a node its slots and introduces it to the first.
func (n *Nodes) join(t testing.TB, at, first, last int) {
	t.Helper()
	ctx, addr := context.Background(), n.Servers[at].Addr
	if err := n.clients[at].ClusterAddSlotsRange(ctx, first, last).Err(); err != nil {
		t.Fatalf("give slots %d to %d to %s: %v", first, last, addr, err)
	}
	host, port, err := net.SplitHostPort(n.Servers[0].Addr)
	if err != nil {
		t.Fatal(err)
	}
	if err := n.clients[at].ClusterMeet(ctx, host, port).Err(); err != nil {
		t.Fatalf("introduce %s to the cluster: %v", addr, err)
	}
}

// whole says whether a node knows all nodes and an owner for every slot.
func whole(ctx context.Context, client *redis.Client, size int) error {
	info, err := client.ClusterInfo(ctx).Result()
	if err != nil {
		return err
	}
	for _, want := range []string{"cluster_state:ok", "cluster_slots_ok:16384", fmt.Sprintf("cluster_known_nodes:%d", size)} {
		if !strings.Contains(info, want) {
			return fmt.Errorf("CLUSTER INFO lacks %s:\n%s", want, info)
		}
	}
	return nil
}
