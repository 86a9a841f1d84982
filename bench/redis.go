package main

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// server is a redis-server of one run.
type server struct {
	*process
	near   string // its own address
	addr   string // what the sides are given: near, or a long way to it
	client *redis.Client
	end    func() // of the long way
}

// terms are the conditions under which both sides work.
type terms struct {
	fsync string
	delay time.Duration // there and back
}

var (
	plainRedis  = terms{fsync: "everysec"}
	farRedis    = terms{fsync: "everysec", delay: 2400 * time.Microsecond}
	alwaysRedis = terms{fsync: "always"}
)

func (l *lab) redis(ctx context.Context, t terms) (*server, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	host, port, _ := net.SplitHostPort(addr)
	dir, err := os.MkdirTemp(l.dir, "redis-")
	if err != nil {
		return nil, err
	}
	p, err := l.start(filepath.Base(dir), "redis-server", nil, "--port", port, "--bind", host, "--dir", dir, "--save", "",
		"--appendonly", "yes", "--appendfsync", t.fsync, "--maxmemory-policy", "noeviction", "--lazyfree-lazy-expire", "yes")
	if err != nil {
		return nil, err
	}
	s := &server{process: p, near: addr, addr: addr, end: func() {}}
	s.client = redis.NewClient(&redis.Options{Addr: addr, DisableIdentity: true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}})
	err = until(ctx, "redis-server to answer", 10*time.Second, func() (bool, error) {
		err := s.client.Ping(ctx).Err()
		return err == nil, err
	})
	if err == nil && t.delay > 0 {
		s.addr, s.end, err = longWay(addr, t.delay/2, nil)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *server) close() {
	s.end()
	_ = s.client.Close()
	s.kill()
}

// info reads one number of INFO.
func (s *server) info(ctx context.Context, section, name string) float64 {
	text, _ := s.client.Info(ctx, section).Result()
	for line := range strings.Lines(text) {
		if value, found := strings.CutPrefix(line, name+":"); found {
			n, _ := strconv.ParseFloat(strings.TrimSpace(value), 64)
			return n
		}
	}
	return 0
}

// settled waits until Redis has written what was prepared: a log that is being rewritten
// takes a core, and the disk.
func (s *server) settled(ctx context.Context) error {
	return until(ctx, "Redis to rewrite its log", 2*time.Minute, func() (bool, error) {
		return s.info(ctx, "persistence", "aof_rewrite_in_progress")+s.info(ctx, "persistence", "aof_rewrite_scheduled")+
			s.info(ctx, "persistence", "aof_pending_bio_fsync") == 0, nil
	})
}

// memory is what its data takes, in bytes.
func (s *server) memory(ctx context.Context) float64 { return s.info(ctx, "memory", "used_memory") }
