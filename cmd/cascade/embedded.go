package main

import (
	"fmt"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// embedded is a Redis inside this process: nothing to install, no persistence, gone at
// exit. It is for the demo, for rehearsals and for tests.
type embedded struct {
	server *miniredis.Miniredis
	stop   chan struct{}
}

func startEmbedded() (*embedded, error) {
	e := &embedded{server: miniredis.NewMiniRedis(), stop: make(chan struct{})}
	if err := e.server.Start(); err != nil {
		return nil, fmt.Errorf("start the embedded Redis: %w", err)
	}
	go e.age()
	return e, nil
}

// age lets expiries pass: miniredis' own stand still unless they are told.
func (e *embedded) age() {
	const step = time.Second
	ticker := time.NewTicker(step)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			e.server.FastForward(step)
		case <-e.stop:
			return
		}
	}
}

func (e *embedded) address() string { return "redis://" + e.server.Addr() + "/0" }

func (e *embedded) close() {
	close(e.stop)
	e.server.Close()
}
