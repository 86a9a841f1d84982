package store

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/redis/go-redis/v9"
)

// definitions counts how often definitions of campaigns are read.
type definitions struct{ read atomic.Int64 }

func (d *definitions) DialHook(next redis.DialHook) redis.DialHook { return next }

func (d *definitions) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

func (d *definitions) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if args := cmd.Args(); len(args) > 1 && args[1] == keyCampaigns && cmd.Name() != "hkeys" {
			d.read.Add(1)
		}
		return next(ctx, cmd)
	}
}

// Callbacks ask for the list: they must not read all definitions each time.
func TestADefinitionIsReadOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		h.load(people(1))
		fresh, err := New(ctx, Options{Client: h.client, Cluster: h.cluster, Log: h.log})
		must(t, err)
		var d definitions
		h.client.AddHook(&d)
		for range 3 {
			list, err := fresh.CampaignsOver(ctx, "a")
			if err != nil || len(list) != 1 || d.read.Load() != 1 {
				t.Errorf("%d campaigns (%v), read %d times; want one, once", len(list), err, d.read.Load())
			}
		}
	})
}
