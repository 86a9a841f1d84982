//go:build proof && linux

package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/store/redistest"
)

// proveCluster runs a campaign on a cluster of three nodes with two workers, and then
// four, while the slots of everything that it uses move from node to node again and
// again: those of its shards and of its lanes' queues, of the limits, of the index and of
// the register. Some of the moves take long.
func proveCluster(t *testing.T, binary string) {
	people := sized(12_000, 2_000)
	nodes := redistest.Cluster(t, durable...)
	l := newLab(t, binary, setup{address: nodes.URL, account: "200/1s", scenario: lively()})
	c := l.exposed("cluster", people)
	moves, long := l.reshard(nodes, c.id, people)
	c.proved("3 nodes, 2 workers and then 4, slots moved while they were used %d times, %d of them for %s", moves, long, linger)
}

// linger is how long a slot with a large shard may take to move.
const linger = 2 * time.Second

// reshard moves the slots that a campaign uses, one after the other, until the provider
// has seen most of its requests. Two more workers join half-way.
func (l *lab) reshard(nodes *redistest.Nodes, id string, people int) (moves, long int) {
	l.Helper()
	keys := []string{"cascade:{pace}:", "cascade:{index}:", "cascade:{register}:", "cascade:{scheduler}:", "cascade:{suppressed}"}
	for _, queue := range queues {
		keys = append(keys, "asynq:{"+queue+"}:")
	}
	for shard := range 16 {
		keys = append(keys, fmt.Sprintf("cascade:{%s.%d}:", l.ledger.IDKey().Number(id), shard))
	}
	for joined := false; l.stats().Requests < uint64(people*8/10); {
		var halfway func()
		if moves%5 == 4 {
			halfway = func() { l.passes("a slot to linger between two nodes", linger) }
			long++
		}
		nodes.Migrate(l.T, keys[moves%len(keys)], halfway)
		moves++
		if !joined && l.stats().Requests > uint64(people*4/10) {
			l.worker("three", "")
			l.worker("four", "")
			joined = true
		}
	}
	return moves, long
}
