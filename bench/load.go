package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// posted is what came of a load.
type posted struct {
	Rate          float64 // per second
	P50, P99, Max float64 // ms, from when it was to be posted, where that is told, to its answer
	Failed        int
	Behind        float64 // ms: how late the load itself was, 99th percentile
	sent          journal // when each was posted
	cores         float64 // that the load itself took
}

// load posts a receipt for each attempt over 64 connections: as fast as they are
// answered, or evenly at a rate. It is a process of its own.
func (l *lab) load(to, status string, ids []campaign.AttemptID, rate int) (p posted, err error) {
	in, out := filepath.Join(l.dir, "attempts"), filepath.Join(l.dir, "posted")
	list := make(journal, len(ids))
	for i, id := range ids {
		list[i].attempt = id
	}
	if err := list.save(in); err != nil {
		return p, err
	}
	generator, err := l.start("load", l.self, nil, childWord, "load", "-to", to, "-status", status,
		"-rate", strconv.Itoa(rate), "-in", in, "-out", out)
	if err != nil {
		return p, err
	}
	began := time.Now()
	said, err := generator.wait()
	if err != nil {
		return p, err
	}
	p.cores = generator.used().Seconds() / time.Since(began).Seconds()
	if err := json.Unmarshal(said, &p); err != nil {
		return p, err
	}
	if p.Failed > 0 {
		return p, fmt.Errorf("%d of %d receipts were not answered 200", p.Failed, len(ids))
	}
	p.sent, err = openJournal(out)
	return p, err
}

// postAll is that process.
func postAll(_ context.Context, args []string) error {
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	to, status := flags.String("to", "", ""), flags.String("status", "", "")
	in, out := flags.String("in", "", ""), flags.String("out", "", "")
	rate := flags.Int("rate", 0, "")
	if err := flags.Parse(args); err != nil {
		return err
	}
	list, err := openJournal(*in)
	if err != nil {
		return err
	}
	x := &loader{list: list, status: *status, rate: *rate, began: time.Now(), took: make([]time.Duration, len(list)), behind: make([]time.Duration, len(list))}
	if err := x.run(*to); err != nil {
		return err
	}
	if err := x.list.save(*out); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(x.posted())
}

// loader posts receipts, and notes how long each took.
type loader struct {
	list         journal
	status       string
	rate         int
	began        time.Time
	took, behind []time.Duration

	mu     sync.Mutex
	failed int
}

func (x *loader) run(to string) error {
	const connections = 64
	var wait sync.WaitGroup
	for k := range connections {
		c, err := newCaller(to)
		if err != nil {
			return err
		}
		wait.Go(func() {
			defer c.close()
			for i := k; i < len(x.list); i += connections {
				x.one(c, i)
			}
		})
	}
	wait.Wait()
	return nil
}

func (x *loader) one(c *caller, i int) {
	due := time.Now()
	if x.rate > 0 {
		due = x.began.Add(time.Duration(i) * time.Second / time.Duration(x.rate))
		time.Sleep(time.Until(due))
	}
	now := time.Now()
	x.list[i].at, x.behind[i] = now.UnixMicro(), now.Sub(due)
	status, _ := c.post(qlaraReceipt(nil, x.list[i].attempt.String(), x.status, now))
	x.took[i] = time.Since(due)
	if status != http.StatusOK {
		x.mu.Lock()
		x.failed++
		x.mu.Unlock()
	}
}

func (x *loader) posted() posted {
	all := time.Since(x.began).Seconds()
	slices.Sort(x.took)
	slices.Sort(x.behind)
	return posted{Rate: float64(len(x.list)) / all, P50: ms(quantile(x.took, 0.5)), P99: ms(quantile(x.took, 0.99)), Max: ms(quantile(x.took, 1)),
		Behind: ms(quantile(x.behind, 0.99)), Failed: x.failed}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
