package store

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Redis is one Redis: a single server, one watched by sentinels, or a cluster.
type Redis struct {
	// Client has a pool of connections that serves any number of goroutines;
	// what many of them ask at the same moment is gathered above it, see gather.
	Client redis.UniversalClient

	replicas int // that must have a write before it counts
	close    func() error
}

// A server that refuses connections fails a command within half a second; one that
// hangs fails it within twenty, new connections and retries included, and a plain one
// as soon as its context ends. No timeout may be shorter than the two seconds for
// which Redis postpones writes while its disk lags.
const (
	dialTimeout = 2 * time.Second
	dialTries   = 1
	ioTimeout   = 3 * time.Second
	maxRetries  = 2
	retryPause  = 100 * time.Millisecond // before the first retry, and twice that before the next
	poolSize    = 64                     // connections, opened as they are needed
)

// Connect makes the client of the Redis at this address, and does not speak to it
// yet. It understands
//
//	redis://user:password@host:6379/0            and rediss:// over TLS
//	redis-sentinel://user:password@host,host:26379/master?db=0
//	redis-cluster://user:password@host,host:6379
//
// where user and password are Redis' own; sentinels that ask for some have them in
// ?sentinel_username= and ?sentinel_password=, and ?tls=true puts both of the lower
// forms on TLS. With ?replicas=1 nothing counts as done before one replica of the server
// has it; see ErrUnconfirmed. No error of it repeats any part of the address but parameter names.
func Connect(at string) (*Redis, error) {
	o, err := parseAddress(at)
	if err != nil {
		return nil, fmt.Errorf("address of Redis: %w", err)
	}
	withDefaults(o.UniversalOptions)
	if o.IsClusterMode {
		return connectCluster(o), nil
	}
	plain := redis.NewUniversalClient(o.UniversalOptions)
	if o.replicas > 0 {
		server := plain.(*redis.Client) // behind sentinels too
		server.AddHook(confirm{server, o.replicas})
	}
	return &Redis{Client: plain, replicas: o.replicas, close: plain.Close}, nil
}

// Close ends its connections.
func (r *Redis) Close() error { return r.close() }

func withDefaults(o *redis.UniversalOptions) {
	o.ClientName = "cascade"
	o.DialTimeout, o.DialerRetries = dialTimeout, dialTries
	o.ReadTimeout, o.WriteTimeout = ioTimeout, ioTimeout
	o.ContextTimeoutEnabled = true
	o.MaxRetries, o.MinRetryBackoff, o.MaxRetryBackoff = maxRetries, retryPause, 2*retryPause
	o.PoolSize = poolSize
	o.Protocol = 2 // of the third nothing is used, and looking for its pushes before every answer costs
	// Both would cost every connection a command that servers without them refuse.
	o.DisableIdentity = true
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
}

// LogDriver passes what the Redis driver says about its connections to log, at debug
// level: it repeats itself while Redis is away, and every failed command is reported
// by its caller already. The driver has one logger per process; the program sets it
// once, at its start.
func LogDriver(log *slog.Logger) { redis.SetLogger(driverLog{log}) }

type driverLog struct{ log *slog.Logger }

func (d driverLog) Printf(ctx context.Context, format string, args ...any) {
	if d.log.Enabled(ctx, slog.LevelDebug) {
		d.log.DebugContext(ctx, "redis driver", "says", fmt.Sprintf(format, args...))
	}
}
