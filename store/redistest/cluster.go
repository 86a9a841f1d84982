package redistest

import (
	"context"
	"fmt"
	"net"
	"slices"
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

// clustered are the options of every node.
var clustered = []string{"--cluster-enabled yes", "--cluster-node-timeout 2000"}

// Cluster starts three redis-servers that share the slots of a cluster, and waits
// until each of them knows it. Each of args is one option, as for Real.
func Cluster(t testing.TB, args ...string) *Nodes {
	t.Helper()
	const size = 3
	path := need(t, "redis-server")
	n := &Nodes{}
	var addrs []string
	args = append(slices.Clip(clustered), args...)
	for range size {
		s := start(t, path, freePort(t), args)
		n.Servers, n.clients = append(n.Servers, s), append(n.clients, s.Admin(t))
		addrs = append(addrs, s.Addr)
	}
	n.URL = "redis-cluster://" + credentials + strings.Join(addrs, ",")
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

// Client connects to the whole cluster until the test ends, with the rights of Server.Client.
func (n *Nodes) Client(t testing.TB) *redis.ClusterClient {
	t.Helper()
	var addrs []string
	for _, s := range n.Servers {
		addrs = append(addrs, s.Addr)
	}
	client := redis.NewClusterClient(&redis.ClusterOptions{
		Addrs:                    addrs,
		Username:                 user,
		Password:                 password,
		DisableIdentity:          true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	})
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// join gives a node its slots and makes it known.
func (n *Nodes) join(t testing.TB, at, first, last int) {
	t.Helper()
	ctx, addr := context.Background(), n.Servers[at].Addr
	if err := n.clients[at].ClusterAddSlotsRange(ctx, first, last).Err(); err != nil {
		t.Fatalf("give slots %d to %d to %s: %v", first, last, addr, err)
	}
	n.introduce(t, n.clients[at], addr)
}

// introduce makes a node known to the first.
func (n *Nodes) introduce(t testing.TB, client *redis.Client, addr string) {
	t.Helper()
	host, port, err := net.SplitHostPort(n.Servers[0].Addr)
	if err != nil {
		t.Fatal(err)
	}
	if err := client.ClusterMeet(context.Background(), host, port).Err(); err != nil {
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

// Replicate starts one more node, a replica of a primary, and waits until it follows and
// every node knows it. When the primary has been away for two seconds it takes over.
func (n *Nodes) Replicate(t testing.TB, of *Server) *Server {
	t.Helper()
	ctx := context.Background()
	id, err := of.Admin(t).Do(ctx, "cluster", "myid").Text()
	if err != nil {
		t.Fatalf("ask %s for its id: %v", of.Addr, err)
	}
	s := start(t, need(t, "redis-server"), freePort(t), append([]string{"--repl-diskless-sync-delay 0"}, clustered...))
	replica := s.Admin(t)
	n.introduce(t, replica, s.Addr)
	eventually(t, s.Addr+" to know its primary", func(ctx context.Context) error {
		return replica.ClusterReplicate(ctx, id).Err()
	})
	eventually(t, "the replica "+s.Addr+" to follow", func(ctx context.Context) error { return following(ctx, replica) })
	for i, client := range n.clients {
		eventually(t, "the replica as seen from "+n.Servers[i].Addr, func(ctx context.Context) error {
			known, err := client.ClusterNodes(ctx).Result()
			if err == nil && !strings.Contains(known, " slave "+id+" ") {
				err = fmt.Errorf("CLUSTER NODES lacks a replica of %s:\n%s", of.Addr, known)
			}
			return err
		})
	}
	return s
}
