package store

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/store/redistest"
)

func TestParseAddress(t *testing.T) {
	t.Parallel()
	type address struct {
		Addrs                                    []string
		User, Password, Master, SentinelPassword string
		DB, Replicas                             int
		TLS, Cluster                             bool
	}
	for in, want := range map[string]address{
		"redis://127.0.0.1:6379/0":                   {Addrs: []string{"127.0.0.1:6379"}},
		"redis://cache/3":                            {Addrs: []string{"cache:6379"}, DB: 3},
		"redis://[::1]":                              {Addrs: []string{"[::1]:6379"}},
		"redis://[::1]:6380/":                        {Addrs: []string{"[::1]:6380"}},
		"redis://:p%40ss%2Fword@cache:6380":          {Addrs: []string{"cache:6380"}, Password: "p@ss/word"},
		"rediss://ann:secret@cache":                  {Addrs: []string{"cache:6379"}, User: "ann", Password: "secret", TLS: true},
		"redis-sentinel://a,b:26380/main?db=2":       {Addrs: []string{"a:26379", "b:26380"}, Master: "main", DB: 2},
		"redis-sentinel://:x@a/m?tls=true":           {Addrs: []string{"a:26379"}, Master: "m", Password: "x", TLS: true},
		"redis-sentinel://a/m?sentinel_password=%40": {Addrs: []string{"a:26379"}, Master: "m", SentinelPassword: "@"},
		"redis-cluster://u:p@a:7000,b,c:7002":        {Addrs: []string{"a:7000", "b:6379", "c:7002"}, User: "u", Password: "p", Cluster: true},
		"redis://cache/3?replicas=1":                 {Addrs: []string{"cache:6379"}, DB: 3, Replicas: 1},
		"redis-sentinel://a/m?db=1&replicas=2":       {Addrs: []string{"a:26379"}, Master: "m", DB: 1, Replicas: 2},
		"redis-cluster://a?replicas=1":               {Addrs: []string{"a:6379"}, Replicas: 1, Cluster: true},
		"redis-cluster://a/0?tls=false":              {Addrs: []string{"a:6379"}, Cluster: true},
	} {
		o, err := parseAddress(in)
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		got := address{o.Addrs, o.Username, o.Password, o.MasterName, o.SentinelPassword, o.DB, o.replicas, o.TLSConfig != nil, o.IsClusterMode}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", in, diff)
		}
	}
}

func TestConnectRefusesAndKeepsTheSecret(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"", "hunter2", "127.0.0.1:6379", "hunter2://host", "http://:hunter2@host",
		"redis://", "redis://:hunter2@", "redis://:hunter2@host:port", "redis://host:hunter2", "redis://:hunter2/x@host",
		"redis://user:12?hunter2@host", "redis://user:12/hunter2@host", "redis://:hunter2%zz@host",
		"redis://:hunter2@host/one", "redis://:hunter2@host/-1", "redis://:hunter2@a,b", "redis://:hunter2@host?db=1", "redis://host:70000",
		"redis-sentinel://:hunter2@a,b", "redis-sentinel://:hunter2@a/m/1", "redis-sentinel://:hunter2@a/m?db=x",
		"redis-sentinel://a/m?sentinel_password=hunter2&tls=maybe", "redis-sentinel://:hunter2@a/m?replicas=all", "redis://:hunter2@a?replicas=-1",
		"redis-cluster://:hunter2@a,,b", "redis-cluster://:hunter2@a/3", "redis-cluster://:hunter2@a?pool=3",
	} {
		r, err := Connect(address)
		if err == nil {
			_ = r.Close()
			t.Errorf("Connect(%q): no error", address)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("Connect(%q) repeats the secret: %v", address, err)
		}
	}
}

func TestConnectSpeaksToEveryKind(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]func(t *testing.T) string{
		"mini":    func(t *testing.T) string { m, _ := redistest.Mini(t); return "redis://" + m.Addr() },
		"real":    func(t *testing.T) string { return redistest.Real(t).URL },
		"cluster": func(t *testing.T) string { return redistest.Cluster(t).URL },
		"sentinel": func(t *testing.T) string {
			if testing.Short() {
				t.Skip("sentinels take some seconds to find each other")
			}
			return redistest.Sentinel(t).URL
		},
		"password": func(t *testing.T) string {
			return "redis://:hunter2@" + redistest.Real(t, "--requirepass hunter2").Addr
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := Connect(start(t))
			if err != nil {
				t.Fatal(err)
			}
			if err := incrementTogether(t, r.Client, "cascade:together"); err != nil {
				t.Error(err)
			}
			if err := r.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
			if err := r.Client.Ping(t.Context()).Err(); !errors.Is(err, redis.ErrClosed) {
				t.Errorf("PING after Close: %v, want %v", err, redis.ErrClosed)
			}
		})
	}
}

// incrementTogether runs a script from many goroutines, on keys of several slots.
func incrementTogether(t *testing.T, client redis.UniversalClient, kind string) error {
	script := redis.NewScript(`return redis.call("INCR", KEYS[1])`)
	var callers sync.WaitGroup
	errs := make([]error, 64)
	for i := range errs {
		callers.Go(func() {
			key := fmt.Sprintf("%s{%d}", kind, i)
			n, err := script.Run(t.Context(), client, []string{key}).Int()
			if err == nil && n != 1 {
				err = fmt.Errorf("%s is %d after one increment", key, n)
			}
			errs[i] = err
		})
	}
	callers.Wait()
	return errors.Join(errs...)
}

// It sets the logger of the whole process, so it does not run beside other tests.
func TestLogDriverSpeaksAtDebugLevelOnly(t *testing.T) {
	t.Cleanup(func() { LogDriver(slog.New(slog.DiscardHandler)) })
	for level, wanted := range map[slog.Level]bool{slog.LevelDebug: true, slog.LevelInfo: false} {
		var out bytes.Buffer
		LogDriver(slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: level})))
		tooSmall := redis.NewClient(&redis.Options{ReadBufferSize: 1}) // the driver says so
		if err := tooSmall.Close(); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(out.String(), "clamping"); got != wanted {
			t.Errorf("at level %s the log says %q", level, out.String())
		}
	}
}
