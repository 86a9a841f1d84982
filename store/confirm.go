package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"
)

// ErrUnconfirmed says that too few replicas have what a primary was told or gave. It may
// be forgotten if that primary is lost, so it does not count as done; to do it again is
// safe.
var ErrUnconfirmed = errors.New("not confirmed by as many replicas as the address of Redis asks for")

// confirmTime is how long replicas have. A connection is not read from for longer than
// ioTimeout.
const confirmTime = time.Second

// confirm lets nothing count before so many replicas have it: it has every connection
// wait for them (WAIT) behind what it was asked. Reads are no exception. A primary that
// the sentinels have replaced takes commands for some seconds more, and forgets all of
// them; but its replica has left it, so nothing of that is believed.
type confirm struct {
	client   *redis.Client // of the server
	replicas int
}

func (confirm) DialHook(next redis.DialHook) redis.DialHook { return next }

// ProcessHook sends a command as a pipeline, for the wait must be on its connection.
func (c confirm) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if !counts(cmd) {
			return next(ctx, cmd)
		}
		pipe := c.client.Pipeline()
		_ = pipe.Process(ctx, cmd) // it only lines up
		_, err := pipe.Exec(ctx)
		return err
	}
}

// ProcessPipelineHook puts the wait behind a pipeline.
func (c confirm) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		if !slices.ContainsFunc(cmds, counts) {
			return next(ctx, cmds)
		}
		wait := redis.NewIntCmd(ctx, "wait", c.replicas, confirmTime.Milliseconds())
		err := next(ctx, append(slices.Clip(cmds), wait))
		if wait.Err() == nil && wait.Val() >= int64(c.replicas) {
			return err
		}
		missing := fmt.Errorf("%w: %d of %d", ErrUnconfirmed, wait.Val(), c.replicas)
		for _, cmd := range cmds {
			if cmd.Err() == nil || errors.Is(cmd.Err(), redis.Nil) {
				cmd.SetErr(missing)
				err = missing
			}
		}
		return err
	}
}

// counts says whether it matters that a command's effect or answer is lost: not with
// what a connection begins with, with questions about the server, and with the bell.
func counts(cmd redis.Cmder) bool {
	switch cmd.Name() {
	case "hello", "auth", "select", "readonly", "client", "ping", "info", "config", "cluster", "command", "script", "publish":
		return false
	}
	return true
}
