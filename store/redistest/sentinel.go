package redistest

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
)

// Watched is a primary with one replica, watched by three sentinels. When the primary
// has been away for a second they make the replica the primary.
type Watched struct {
	Primary, Replica *Server
	Sentinels        []*Server
	URL              string // redis-sentinel://host:port,host:port,host:port/main?db=0
}

const watchedName = "main"

// Sentinel starts them, and waits until the sentinels know each other and the replica
// has the primary's data. Each of args is one option of both servers, as for Real.
func Sentinel(t testing.TB, args ...string) *Watched {
	t.Helper()
	path := need(t, "redis-server")
	args = append([]string{"--repl-diskless-sync-delay 0"}, args...) // it would wait for further replicas
	w := &Watched{Primary: start(t, path, freePort(t), args)}
	host, port, err := net.SplitHostPort(w.Primary.Addr)
	if err != nil {
		t.Fatal(err)
	}
	w.Replica = start(t, path, freePort(t), append([]string{"--replicaof " + host + " " + port}, args...))
	var addrs []string
	for range 3 {
		s := w.startSentinel(t, path, host, port)
		w.Sentinels = append(w.Sentinels, s)
		addrs = append(addrs, s.Addr)
	}
	w.URL = "redis-sentinel://" + credentials + strings.Join(addrs, ",") + "/" + watchedName + "?db=0"
	w.Follows(t)
	return w
}

// startSentinel writes its file first: a sentinel keeps what it learns in there.
func (w *Watched) startSentinel(t testing.TB, path, host, port string) *Server {
	t.Helper()
	s := &Server{path: path, dir: t.TempDir()}
	own := fmt.Sprint(freePort(t))
	s.Addr = net.JoinHostPort("127.0.0.1", own)
	s.URL = "redis://" + s.Addr
	file := filepath.Join(s.dir, "sentinel.conf")
	text := strings.Join([]string{
		"port " + own, "bind 127.0.0.1", "dir " + s.dir, "logfile " + s.logFile(),
		fmt.Sprintf("sentinel monitor %s %s %s 2", watchedName, host, port),
		fmt.Sprintf("sentinel down-after-milliseconds %s 1000", watchedName),
		fmt.Sprintf("sentinel failover-timeout %s 3000", watchedName),
	}, "\n")
	if err := os.WriteFile(file, []byte(text+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.args = []string{file, "--sentinel"}
	t.Cleanup(s.Kill)
	s.Restart(t)
	return s
}

func sees(ctx context.Context, s *Server) error {
	client := redis.NewSentinelClient(&redis.Options{Addr: s.Addr})
	defer func() { _ = client.Close() }()
	state, err := client.Master(ctx, watchedName).Result()
	if err == nil && (state["flags"] != "master" || state["num-slaves"] != "1" || state["num-other-sentinels"] != "2") {
		return fmt.Errorf("the primary is %s, with %s replicas and %s other sentinels", state["flags"], state["num-slaves"], state["num-other-sentinels"])
	}
	replicas, err := client.Replicas(ctx, watchedName).Result()
	if err == nil && (len(replicas) != 1 || replicas[0]["flags"] != "slave" || replicas[0]["master-link-status"] != "ok") {
		err = fmt.Errorf("its replicas are %v", replicas)
	}
	return err
}
