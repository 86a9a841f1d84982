package ratelimit

import (
	"context"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"github.com/seed-438792ba/cascade/campaign"
)

// bubbleRedis is a Redis without sockets, whose clock is that of the synctest bubble.
func bubbleRedis(t *testing.T) (*miniredis.Miniredis, *redis.Client) {
	t.Helper()
	m := miniredis.NewMiniRedis()
	m.ClockTTL(true)
	client := redis.NewClient(&redis.Options{
		Dialer:                   func(context.Context, string, string) (net.Conn, error) { return m.Dial() },
		MaxRetries:               -1,
		DisableIdentity:          true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	})
	t.Cleanup(func() {
		_ = client.Close()
		m.Close()
	})
	return m, client
}

// tape is a hook that counts a client's scripts and keeps the time of the last one.
type tape struct {
	mu    sync.Mutex
	calls int
	now   time.Time
}

func record(client redis.UniversalClient) *tape {
	tp := new(tape)
	client.AddHook(tp)
	return tp
}

func (tp *tape) DialHook(next redis.DialHook) redis.DialHook { return next }

func (tp *tape) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

func (tp *tape) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, c redis.Cmder) error {
		err := next(ctx, c)
		if answer, ok := c.(*redis.Cmd); ok && err == nil {
			tp.mu.Lock()
			defer tp.mu.Unlock()
			tp.calls++
			list, _ := answer.Val().([]any)
			tp.now = fields(list).time(0)
		}
		return err
	}
}

func (tp *tape) count() int {
	tp.mu.Lock()
	defer tp.mu.Unlock()
	return tp.calls
}

func (tp *tape) time() time.Time {
	tp.mu.Lock()
	defer tp.mu.Unlock()
	return tp.now
}

func limits(t testing.TB, texts ...string) Limits {
	t.Helper()
	var ls Limits
	for _, s := range texts {
		l, err := campaign.ParseLimit(s)
		if err != nil {
			t.Fatal(err)
		}
		ls = append(ls, l)
	}
	return ls
}

func lane(t testing.TB, name string, texts ...string) Scope {
	t.Helper()
	return Scope{LaneKind, name, limits(t, texts...)}
}

func account(t testing.TB, texts ...string) Scope {
	t.Helper()
	return Account("qlara", limits(t, texts...)...)
}
