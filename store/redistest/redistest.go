// Package redistest gives tests a Redis: a real redis-server that the test starts on
// a free port of the loopback interface and may kill and start again, a cluster of
// three, a primary watched by sentinels, or an embedded miniredis.
//
// It downloads nothing. Where no redis-server is installed the test is skipped,
// unless CASCADE_TEST_REAL=1 demands it.
package redistest

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Mini starts a miniredis, which ends with the test, and a client of it. Its clock
// and its expiries stand still until the test moves them.
func Mini(t testing.TB) (*miniredis.Miniredis, redis.UniversalClient) {
	t.Helper()
	m := miniredis.RunT(t)
	return m, Client(t, m.Addr())
}

// Each runs the test on a miniredis ("mini") and on a real server ("real").
func Each(t *testing.T, run func(t *testing.T, client redis.UniversalClient)) {
	t.Helper()
	t.Run("mini", func(t *testing.T) {
		_, client := Mini(t)
		run(t, client)
	})
	t.Run("real", func(t *testing.T) { run(t, Real(t).Client(t)) })
}

// Client connects to the server at addr until the test ends, with all rights.
func Client(t testing.TB, addr string) *redis.Client {
	t.Helper()
	return connect(t, options(addr))
}

// Admin is Client for the server to which another client is connected.
func Admin(t testing.TB, client redis.UniversalClient) *redis.Client {
	t.Helper()
	return Client(t, client.(*redis.Client).Options().Addr)
}

func options(addr string) *redis.Options {
	return &redis.Options{
		Addr:                     addr,
		DisableIdentity:          true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
}

func connect(t testing.TB, o *redis.Options) *redis.Client {
	t.Helper()
	redis.SetLogger(silence{})
	client := redis.NewClient(o)
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// need gives the path of a program, or skips the test.
func need(t testing.TB, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err == nil {
		return path
	}
	if os.Getenv("CASCADE_TEST_REAL") == "1" {
		t.Fatalf("CASCADE_TEST_REAL=1, but %v: install Debian's redis-server", err)
	}
	t.Skipf("%v: install Debian's redis-server to run this test", err)
	return ""
}

// eventually asks every 10 ms until ok answers nil, and fails the test with its last
// answer after 30 s.
func eventually(t testing.TB, what string, ok func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		err := ok(ctx)
		if err == nil {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("waited 30s for %s: %v", what, err)
		}
	}
}

// silence keeps go-redis from telling the test's log of every lost connection.
type silence struct{}

func (silence) Printf(context.Context, string, ...any) {}
