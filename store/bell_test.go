package store

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/store/redistest"
)

// newBell runs a bell until the test ends, and waits until it hears.
func newBell(t *testing.T, client redis.UniversalClient) *Bell {
	t.Helper()
	bell := NewBell(client)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); bell.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-ended })
	waitUntil(t, "the bell to hear", func() bool { return bell.Patience() == bellPatience })
	return bell
}

func TestBellReachesOtherProcesses(t *testing.T) {
	t.Parallel()
	redistest.Each(t, func(t *testing.T, client redis.UniversalClient) {
		here, there := newBell(t, client), newBell(t, client)
		mine, yours, other := here.Next("lane"), there.Next("lane"), there.Next("other")
		second := there.Next("lane")
		here.Ring("lane")
		for _, rung := range []<-chan struct{}{mine, yours, second} {
			receive(t, "the ring", rung)
		}
		select {
		case <-other:
			t.Error("the bell of another name rang as well")
		case <-there.Next("lane"):
			t.Error("one ring was heard twice")
		default:
		}
		here.Ring("other", "unheard")
		receive(t, "the ring of another name", other)
	})
}

func TestBellRingsFastOnesTogether(t *testing.T) {
	t.Parallel()
	client := redistest.Real(t).Client(t)
	bell := newBell(t, client)
	first, last := bell.Next("first"), bell.Next("last")
	for range 1000 {
		bell.Ring("first")
	}
	receive(t, "the first ring", first)
	bell.Ring("last")
	receive(t, "the last ring", last)
	if n := calls(t, client, "publish"); n > 20 {
		t.Errorf("a thousand rings at once were published %d times, want a few", n)
	}
}

func TestBellOutlivesAnOutage(t *testing.T) {
	t.Parallel()
	server := redistest.Real(t)
	bell := newBell(t, server.Client(t))
	missed := bell.Next("lane")
	server.Kill()
	receive(t, "the wake-up when the subscription broke", missed)
	if got := bell.Patience(); got != bellDeafPatience {
		t.Errorf("Patience without a subscription = %s, want %s", got, bellDeafPatience)
	}
	back := bell.Next("lane")
	server.Restart(t)
	receive(t, "the wake-up after the subscription was made again", back)
	rung := bell.Next("lane")
	bell.Ring("lane")
	receive(t, "a ring after the outage", rung)
}

func TestBellWorksOnACluster(t *testing.T) {
	t.Parallel()
	nodes := redistest.Cluster(t)
	here, there := newBell(t, nodes.Client(t)), newBell(t, nodes.Client(t))
	for i := range 5 {
		name := fmt.Sprint("lane-", i)
		rung := there.Next(name)
		here.Ring(name)
		receive(t, "the ring of "+name, rung)
	}
}

// receive waits for a channel, at most ten seconds.
func receive[T any](t *testing.T, what string, c <-chan T) (got T) {
	t.Helper()
	select {
	case got = <-c:
	case <-time.After(10 * time.Second):
		t.Fatalf("waited 10s for %s", what)
	}
	return got
}

// waitUntil asks every 5 ms, for at most twenty seconds.
func waitUntil(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(20 * time.Second); !ok(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("waited 20s for %s", what)
		}
	}
}
