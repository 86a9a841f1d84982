package store

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// batchOrAlone sends commands in batches, and those that a batch could not do by the
// plain client. It knows those that are sent so; any other is not repeated.
type batchOrAlone struct {
	redis.UniversalClient // batches, each sent once
	once, plain           *redis.ClusterClient
}

func (c batchOrAlone) again(ctx context.Context, err error) bool {
	if unsettled(err) || lost(err) {
		c.once.ReloadState(ctx)
		return true
	}
	return false
}

// Eval runs a script by its source.
func (c batchOrAlone) Eval(ctx context.Context, source string, keys []string, args ...any) *redis.Cmd {
	answer := c.UniversalClient.Eval(ctx, source, keys, args...)
	if c.again(ctx, answer.Err()) {
		return c.plain.Eval(ctx, source, keys, args...)
	}
	return answer
}

// EvalSha runs a script by its hash.
func (c batchOrAlone) EvalSha(ctx context.Context, hash string, keys []string, args ...any) *redis.Cmd {
	answer := c.UniversalClient.EvalSha(ctx, hash, keys, args...)
	if c.again(ctx, answer.Err()) {
		return c.plain.EvalSha(ctx, hash, keys, args...)
	}
	return answer
}

// HMGet reads fields of a hash.
func (c batchOrAlone) HMGet(ctx context.Context, key string, fields ...string) *redis.SliceCmd {
	answer := c.UniversalClient.HMGet(ctx, key, fields...)
	if c.again(ctx, answer.Err()) {
		return c.plain.HMGet(ctx, key, fields...)
	}
	return answer
}

// SMIsMember says which of these a set holds.
func (c batchOrAlone) SMIsMember(ctx context.Context, key string, members ...any) *redis.BoolSliceCmd {
	answer := c.UniversalClient.SMIsMember(ctx, key, members...)
	if c.again(ctx, answer.Err()) {
		return c.plain.SMIsMember(ctx, key, members...)
	}
	return answer
}
