package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed-438792ba/cascade/fallback"
)

// watching is how many look at live pages.
const watching = 50

// viewers measures what people who look at live pages cost a run at full speed: half of
// them watch the overview, half the campaign's page. The API is a process of its own, which
// is there on both sides.
func viewers(ctx context.Context, l *lab) (table, error) {
	n := l.sized(60_000)
	const without, with = "nobody looks", "50 viewers"
	rows, err := l.inTurn(ctx,
		side{without, func(ctx context.Context) (figures, error) { return runWatched(ctx, l, n, 0) }},
		side{with, func(ctx context.Context) (figures, error) { return runWatched(ctx, l, n, watching) }},
	)
	if err != nil {
		return table{}, err
	}
	t := table{rows: rows, against: [][2]string{{with, without}}, columns: append(dispatchColumns[:len(dispatchColumns):len(dispatchColumns)],
		column{"api", "API, cores", 2}, column{"snapshots", "snapshots each viewer was sent /s", 2})}
	_, ratio, _ := t.ratio(with, without)
	live := t.figure(with, "snapshots")
	t.goal(live > 0.8, "all pages are live: each viewer is sent %.2f snapshots a second", live)
	t.goal(ratio > 0.95, "the throughput falls by less than 5 %%: by %.1f", 100*(1-ratio))
	return t, nil
}

func runWatched(ctx context.Context, l *lab, n, people int) (figures, error) {
	d, err := l.deploy(ctx, plainRedis, site{})
	if err != nil {
		return nil, err
	}
	defer d.close()
	c, err := d.fill(ctx, crowd{n: n}, true)
	if err != nil {
		return nil, err
	}
	end, err := d.queueAll(ctx, n)
	if err != nil {
		return nil, err
	}
	defer end()
	api, err := d.serve(ctx, "api")
	if err != nil {
		return nil, err
	}
	a := &audience{}
	defer a.leave()
	if err := a.come(ctx, people, d.api, "/stream/", "/stream/campaigns/"+c.ID); err != nil {
		return nil, err
	}
	w := &watcher{sink: d.sink, server: d.server}
	if err := w.begin(ctx); err != nil {
		return nil, err
	}
	p, err := d.serveAs(ctx, "worker", d.config, "worker")
	if err != nil {
		return nil, err
	}
	w.workers = append(w.workers, p)
	before, seen, began := used(api), a.snapshots.Load(), time.Now()
	f, err := w.end(ctx, n, func() (bool, error) {
		counts, _, err := d.store.Counts(ctx, c.Number)
		if err != nil || counts.Phase(fallback.Waiting) < n {
			return false, err
		}
		return d.server.idle(ctx, d.lanes[0].Lane.String())
	})
	if err != nil {
		return nil, err
	}
	took := time.Since(began)
	f["api"] = since(before, took, api)[0]
	if people > 0 {
		f["snapshots"] = float64(a.snapshots.Load()-seen) / float64(people) / took.Seconds()
	}
	return f, nil
}

// audience are people with live pages open.
type audience struct {
	snapshots atomic.Int64
	end       context.CancelFunc
	gone      sync.WaitGroup
}

// come logs in, opens the streams in turns, and returns when each has begun.
func (a *audience) come(ctx context.Context, people int, server string, streams ...string) error {
	ctx, a.end = context.WithCancel(ctx)
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	client := &http.Client{Jar: jar}
	login, err := client.PostForm(server+"/login", url.Values{"token": {token}})
	if err != nil {
		return err
	}
	_ = login.Body.Close()
	for i := range people {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, server+streams[i%len(streams)], nil)
		if err != nil {
			return err
		}
		resp, err := client.Do(req)
		if err != nil {
			return err
		}
		if resp.StatusCode != http.StatusOK {
			_ = resp.Body.Close()
			return fmt.Errorf("%s was answered with %s", req.URL.Path, resp.Status)
		}
		a.gone.Go(func() {
			defer func() { _ = resp.Body.Close() }()
			lines := bufio.NewScanner(resp.Body)
			lines.Buffer(nil, 4<<20)
			for lines.Scan() {
				if strings.HasPrefix(lines.Text(), "event: snapshot") {
					a.snapshots.Add(1)
				}
			}
		})
	}
	return nil
}

func (a *audience) leave() {
	if a.end != nil {
		a.end()
	}
	a.gone.Wait()
}
