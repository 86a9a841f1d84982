package store

import (
	"context"
	"errors"
	"io"
	"net"
	"time"

	"github.com/redis/go-redis/v9"
)

// slotPatience is how long a command waits for a slot on its way between two nodes. On
// loopback a shard with 60,000 messages was moved in 0.4 s.
const slotPatience = 10 * time.Second

// connectCluster makes the client of a cluster. Its slots may move while it is used.
// go-redis follows one that has moved, but gives up too soon on scripts whose keys are
// not all in one place at the moment; and of a pipeline it repeats either everything,
// even what was answered, or nothing. So pipelines are sent once, by a client that
// repeats nothing, and what one could not do is done by itself.
func connectCluster(o *address) *Redis {
	o.MaxRetries = -1 // the client of the cluster does so, over all nodes
	plain := redis.NewClusterClient(o.Cluster())
	o.MaxRedirects = -1
	once := redis.NewClusterClient(o.Cluster())
	plain.AddHook(settle{plain: plain, once: once})
	if o.replicas > 0 {
		each := func(node *redis.Client) { node.AddHook(confirm{node, o.replicas}) }
		plain.OnNewNode(each)
		once.OnNewNode(each)
	}
	return &Redis{Client: plain, replicas: o.replicas, close: func() error { return errors.Join(once.Close(), plain.Close()) }}
}

// settle is the plain client's way through a cluster that changes.
type settle struct{ plain, once *redis.ClusterClient }

func (settle) DialHook(next redis.DialHook) redis.DialHook { return next }

// ProcessHook repeats a command until its slot has settled.
func (s settle) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		const first, most = 5 * time.Millisecond, 50 * time.Millisecond
		begun := time.Now()
		for wait := first; ; wait = min(2*wait, most) {
			err := next(ctx, cmd)
			if lost(err) {
				s.plain.ReloadState(ctx) // another node may have taken over
			}
			if !unsettled(err) || time.Since(begun) > slotPatience {
				return err
			}
			pause(ctx, wait)
			if ctx.Err() != nil {
				return err
			}
		}
	}
}

// ProcessPipelineHook sends a pipeline once, and then by itself what it could not do.
func (s settle) ProcessPipelineHook(redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		pipe := s.once.Pipeline()
		for _, cmd := range cmds {
			_ = pipe.Process(ctx, cmd) // it only lines up
		}
		_, _ = pipe.Exec(ctx) // each command has its own answer
		var first error
		for _, cmd := range cmds {
			err := cmd.Err()
			if unsettled(err) || lost(err) {
				s.once.ReloadState(ctx)
				err = s.plain.Process(ctx, cmd)
			}
			if first == nil {
				first = err
			}
		}
		return first
	}
}

// unsettled says that a command was refused only because its slot is, or was, on its way
// to another node, or because the cluster looks for a new owner. It has changed nothing.
func unsettled(err error) bool {
	if err == nil {
		return false
	}
	_, moved := redis.IsMovedError(err)
	_, ask := redis.IsAskError(err)
	return moved || ask || redis.IsTryAgainError(err) || redis.IsClusterDownError(err)
}

// lost says that a node gave no answer, or is no primary any more.
func lost(err error) bool {
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, io.EOF) || redis.IsReadOnlyError(err)
}
