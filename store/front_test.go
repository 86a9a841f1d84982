package store

import (
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/store/redistest"
)

func TestTheFrontOfAQueue(t *testing.T) {
	redistest.Each(t, func(t *testing.T, client redis.UniversalClient) {
		ctx, began := t.Context(), time.Now()
		c := asynq.NewClientFromRedisClient(client)
		for range 2 {
			_, err := c.EnqueueContext(ctx, asynq.NewTask("t", nil), asynq.Queue("a.sms"))
			must(t, err)
		}
		between := time.Now()
		must(t, asynq.NewInspectorFromRedisClient(client).PauseQueue("a.rcs"))
		fronts, err := Fronts(ctx, client, []string{"a.sms", "a.rcs"})
		must(t, err)
		if since := fronts["a.sms"].Since; since.Before(began) || since.After(between) || fronts["a.sms"].Paused {
			t.Errorf("a.sms: %+v, want one that waits since between %s and %s", fronts["a.sms"], began, between)
		}
		if got := fronts["a.rcs"]; got != (Front{Paused: true}) {
			t.Errorf("a.rcs: %+v, want it empty and paused", got)
		}
	})
}
