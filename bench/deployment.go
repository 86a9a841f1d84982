package main

import (
	"context"
	"net/http"
	"strings"
	"time"
)

// deployment is Cascade with everything that it needs, anew for each run: a Redis, a
// provider, the ledger in this process, and the processes under test.
type deployment struct {
	*house
	lab       *lab
	server    *server
	sink      *sink // nil: nothing is sent
	processes []*process
}

// nobody is a provider to whom nothing is sent.
const nobody = "http://127.0.0.1:9"

// deploy starts Redis, and a sink unless the site says who the provider is.
func (l *lab) deploy(ctx context.Context, t terms, at site, sinkArgs ...string) (*deployment, error) {
	d := &deployment{lab: l}
	if err := d.build(ctx, t, at, sinkArgs); err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

func (d *deployment) build(ctx context.Context, t terms, at site, sinkArgs []string) (err error) {
	if d.server, err = d.lab.redis(ctx, t); err != nil {
		return err
	}
	if at.provider == "" {
		if d.sink, err = d.lab.sink(ctx, sinkArgs...); err != nil {
			return err
		}
		at.provider = d.sink.url
	}
	d.house, err = d.lab.house(ctx, d.server, at)
	return err
}

// close ends everything that was started.
func (d *deployment) close() {
	for _, p := range d.processes {
		p.kill()
	}
	if d.house != nil {
		d.house.close()
	}
	if d.sink != nil {
		d.sink.process.kill()
	}
	if d.server != nil {
		d.server.close()
	}
}

// serve starts a process of Cascade with these roles.
func (d *deployment) serve(ctx context.Context, roles string) (*process, error) {
	return d.serveAs(ctx, strings.ReplaceAll(roles, ",", "-"), d.config, roles)
}

// serveAs starts one with a name and a configuration of its own. One that has the API
// is waited for.
func (d *deployment) serveAs(ctx context.Context, name, config, roles string) (*process, error) {
	p, err := d.lab.start(name, d.lab.binary, nil, "serve", "--config", config, "--roles", roles)
	if err != nil {
		return nil, err
	}
	d.processes = append(d.processes, p)
	if !strings.Contains(roles, "api") {
		return p, nil
	}
	return p, until(ctx, "the API to answer", 20*time.Second, func() (bool, error) {
		answer, err := http.Get(d.api + "/readyz")
		if err != nil {
			return false, err
		}
		return answer.StatusCode == http.StatusOK, answer.Body.Close()
	})
}

// requested waits until the provider has seen so many requests.
func (d *deployment) requested(ctx context.Context, n int, within time.Duration) (s seen, err error) {
	return s, until(ctx, "the requests", within, func() (yes bool, err error) {
		s, err = d.sink.seen()
		return s.Requests >= int64(n), err
	})
}

// used is the CPU of each process so far.
func used(all ...*process) []time.Duration {
	cpu := make([]time.Duration, len(all))
	for i, p := range all {
		cpu[i] = p.cpu()
	}
	return cpu
}

// since is what they have used from then on, in cores.
func since(before []time.Duration, took time.Duration, all ...*process) []float64 {
	now := used(all...)
	cores := make([]float64, len(all))
	for i := range all {
		cores[i] = (now[i] - before[i]).Seconds() / took.Seconds()
	}
	return cores
}
