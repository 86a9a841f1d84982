package simulator

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

// ServeOptions are what `cascade simulate` is told.
type ServeOptions struct {
	Options
	Listen       string // "": 127.0.0.1:9090; port 0 takes a free one
	ScenarioFile string // YAML, over DefaultScenario; "": Options.Scenario
	LogFile      string // NDJSON, appended to; "": Options.Log

	// Ready is told the address once requests are taken; may be nil.
	Ready func(addr string)
}

// Serve plays the providers until the context ends. The error says what was wrong
// with the scenario, the files or the address.
func Serve(ctx context.Context, o ServeOptions) (err error) {
	if o.ScenarioFile != "" {
		if o.Scenario, err = readScenario(o.ScenarioFile); err != nil {
			return err
		}
	}
	if o.LogFile != "" {
		f, err := os.OpenFile(o.LogFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			return fmt.Errorf("open the simulator's log: %w", err)
		}
		defer f.Close()
		o.Log = f
	}
	s, err := New(o.Options)
	if err != nil {
		return err
	}
	if o.Listen == "" {
		o.Listen = "127.0.0.1:9090"
	}
	ln, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return fmt.Errorf("listen for requests to the simulator: %w", err)
	}
	if o.Ready != nil {
		o.Ready(ln.Addr().String())
	}
	return s.Serve(ctx, ln)
}

func readScenario(file string) (Scenario, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return Scenario{}, fmt.Errorf("read the scenario: %w", err)
	}
	sc, err := ParseScenario(text)
	if err != nil {
		return sc, fmt.Errorf("%s: %w", file, err)
	}
	return sc, nil
}

// Serve takes requests from the listener and runs the simulator until the context
// ends. Then it takes no more, ends those that are held, and returns once the
// callbacks on their way were answered and the log is written.
func (s *Simulator) Serve(ctx context.Context, ln net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	server := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	var wg sync.WaitGroup
	var ran, closed error
	wg.Go(func() { ran = s.Run(ctx) })
	wg.Go(func() {
		<-ctx.Done()
		grace, done := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer done()
		if server.Shutdown(grace) != nil { // a connection that was opened and never used
			closed = server.Close()
		}
	})
	err := server.Serve(ln)
	cancel()
	wg.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return errors.Join(err, ran, closed)
}
