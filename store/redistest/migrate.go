package redistest

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
)

// Migrate moves the slot of a key to the next node while clients use it, as resharding
// does: new keys of the slot begin on the new node, the old ones follow a few at a time,
// and then every node is told. Meanwhile a command for several keys is refused
// (TRYAGAIN) unless all of them are in one place; halfway is called in the middle of
// that, and may be nil.
func (n *Nodes) Migrate(t testing.TB, key string, halfway func()) {
	t.Helper()
	slot, err := n.clients[0].ClusterKeySlot(context.Background(), key).Result()
	if err != nil {
		t.Fatalf("ask for the slot of %s: %v", key, err)
	}
	from := n.owner(t, int(slot))
	to := (from + 1) % len(n.Servers)
	n.setSlot(t, to, int(slot), "importing", from)
	n.setSlot(t, from, int(slot), "migrating", to)
	n.carry(t, int(slot), from, to, 1)
	if halfway != nil {
		halfway()
	}
	const atOnce = 20
	for n.carry(t, int(slot), from, to, atOnce) > 0 {
	}
	n.setSlot(t, to, int(slot), "node", to) // first: then nobody is sent back
	n.setSlot(t, from, int(slot), "node", to)
	eventually(t, "the nodes to agree on their slots", n.agree)
}

// agree says whether all nodes see the same owners of the slots, by the same right: two
// moves in different directions at once would let them contend.
func (n *Nodes) agree(ctx context.Context) error {
	var first []string
	for i, client := range n.clients {
		text, err := client.ClusterNodes(ctx).Result()
		if err != nil {
			return err
		}
		var seen []string // of each node its id, its epoch, and its slots
		for line := range strings.Lines(text) {
			f := strings.Fields(line)
			seen = append(seen, f[0]+" "+f[6]+" "+strings.Join(f[8:], " "))
		}
		slices.Sort(seen)
		if i == 0 {
			first = seen
		} else if !slices.Equal(seen, first) {
			return fmt.Errorf("%s sees %q, %s sees %q", n.Servers[0].Addr, first, n.Servers[i].Addr, seen)
		}
	}
	return nil
}

// carry takes up to so many keys of a slot to another node, and says how many it took.
func (n *Nodes) carry(t testing.TB, slot, from, to, most int) int {
	t.Helper()
	ctx := context.Background()
	keys, err := n.clients[from].ClusterGetKeysInSlot(ctx, slot, most).Result()
	if err != nil {
		t.Fatalf("list the keys of slot %d: %v", slot, err)
	}
	if len(keys) == 0 {
		return 0
	}
	host, port, err := net.SplitHostPort(n.Servers[to].Addr)
	if err != nil {
		t.Fatal(err)
	}
	command := []any{"migrate", host, port, "", 0, 5000, "keys"}
	for _, key := range keys {
		command = append(command, key)
	}
	if err := n.clients[from].Do(ctx, command...).Err(); err != nil {
		t.Fatalf("move %d keys of slot %d to %s: %v", len(keys), slot, n.Servers[to].Addr, err)
	}
	return len(keys)
}

// owner is the index of the node that owns a slot.
func (n *Nodes) owner(t testing.TB, slot int) int {
	t.Helper()
	shards, err := n.clients[0].ClusterShards(context.Background()).Result()
	if err != nil {
		t.Fatalf("ask who owns slot %d: %v", slot, err)
	}
	for _, shard := range shards {
		if !slices.ContainsFunc(shard.Slots, func(r redis.SlotRange) bool { return r.Start <= int64(slot) && int64(slot) <= r.End }) {
			continue
		}
		return slices.IndexFunc(n.Servers, func(s *Server) bool {
			return slices.ContainsFunc(shard.Nodes, func(node redis.Node) bool {
				return node.Role == "master" && s.Addr == net.JoinHostPort(node.IP, strconv.FormatInt(node.Port, 10))
			})
		})
	}
	t.Fatalf("nobody owns slot %d", slot)
	return -1
}

// setSlot tells a node what to think of a slot and of another node.
func (n *Nodes) setSlot(t testing.TB, at, slot int, what string, other int) {
	t.Helper()
	ctx := context.Background()
	id, err := n.clients[other].Do(ctx, "cluster", "myid").Text()
	if err != nil {
		t.Fatalf("ask %s for its id: %v", n.Servers[other].Addr, err)
	}
	if err := n.clients[at].Do(ctx, "cluster", "setslot", slot, what, id).Err(); err != nil {
		t.Fatalf("tell %s that slot %d is %s %s: %v", n.Servers[at].Addr, slot, what, n.Servers[other].Addr, err)
	}
}
