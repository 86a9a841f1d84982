package main

import (
	"net/http"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/web/queuemon"
)

// ownRedis is the house's client as asynq wants to be given one; the house closes it.
type ownRedis struct{ client redis.UniversalClient }

func (o ownRedis) MakeRedisClient() any { return o.client }

// asynqView makes asynq's own view of the queues.
func (h *house) asynqView(allowed func(*http.Request) bool, refuse http.Handler) (http.Handler, error) {
	return queuemon.New(queuemon.Options{Redis: ownRedis{h.redis.Client}, Allowed: allowed, Refuse: refuse})
}
