package main

import (
	"context"
	"os"
	"path/filepath"

	"github.com/hibiken/asynq"

	"github.com/seed-438792ba/cascade/client"
	"github.com/seed-438792ba/cascade/config"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/scheduler"
	"github.com/seed-438792ba/cascade/store"
)

// house is Cascade's ledger in this process, where the bench prepares what is
// measured, and looks at it.
type house struct {
	config string // file
	api    string // http://host:port of the process with that role
	client *client.Client
	cfg    *config.Config
	redis  *store.Redis
	store  *store.Store
	door   *fallback.Door
	lanes  []config.Lane
	end    func()
}

// house opens the ledger on a server.
func (l *lab) house(ctx context.Context, s *server, at site) (*house, error) {
	var err error
	if at.listen == "" {
		if at.listen, err = freeAddr(); err != nil {
			return nil, err
		}
	}
	h := &house{api: "http://" + at.listen}
	if h.client, err = client.New(client.Options{Server: h.api, Token: token, Patience: -1}); err != nil {
		return nil, err
	}
	if h.config, err = l.configure("cascade.yaml", s.addr, at); err != nil {
		return nil, err
	}
	if h.cfg, err = config.Load(h.config, nothing); err != nil {
		return nil, err
	}
	h.lanes = h.cfg.Lanes()
	if h.redis, err = store.Connect("redis://" + s.near + "/0"); err != nil {
		return nil, err
	}
	if h.store, err = store.New(ctx, store.Options{Client: h.redis.Client}); err != nil {
		return nil, err
	}
	bell := store.NewBell(h.redis.Client) // who enqueues rings, as in Cascade's own processes
	ctx, h.end = context.WithCancel(ctx)
	go bell.Run(ctx)
	queue := store.NewQueueClient(h.redis.Client, store.QueueOptions{Bell: bell})
	h.door = &fallback.Door{Ledger: h.store, Book: h.store,
		Queue: &scheduler.Queue{Client: asynq.NewClientFromRedisClient(queue), Together: store.Together}}
	return h, nil
}

// configure writes a deployment's file.
func (l *lab) configure(name, redis string, at site) (path string, err error) {
	path = filepath.Join(l.dir, name)
	return path, os.WriteFile(path, []byte(at.text(redis)), 0o600)
}

// nothing is an environment that sets nothing.
func nothing(string) (string, bool) { return "", false }

func (h *house) close() {
	h.end()
	_ = h.redis.Close()
}
