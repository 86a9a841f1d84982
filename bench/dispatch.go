package main

import (
	"context"
	"strconv"
	"time"
)

// dispatch measures from the first request to the last recorded outcome, with every
// job on its queue before.
func dispatch(t terms) func(context.Context, *lab) (table, error) {
	return func(ctx context.Context, l *lab) (table, error) {
		n := l.sized(40_000)
		hand := l.sized(20_000)
		if t.delay > 0 {
			hand = l.sized(2_000) // it needs as long for them
		}
		rows, err := l.inTurn(ctx,
			side{"bare loop", func(ctx context.Context) (figures, error) { return runLoop(ctx, l, n) }},
			side{"by hand", func(ctx context.Context) (figures, error) { return runHand(ctx, l, t, hand) }},
			side{"Cascade", func(ctx context.Context) (figures, error) { return runCascade(ctx, l, t, n, 1, nil) }},
		)
		if err != nil {
			return table{}, err
		}
		tb := table{columns: dispatchColumns, rows: rows, against: [][2]string{{"Cascade", "by hand"}, {"Cascade", "bare loop"}}}
		least := 2.0
		if t.delay > 0 {
			least = 10
		}
		_, byHand, _ := tb.ratio("Cascade", "by hand")
		tb.goal(byHand >= least, "at least %.0f times by hand: %.2f", least, byHand)
		if _, loop, _ := tb.ratio("Cascade", "bare loop"); t == plainRedis {
			tb.goal(loop >= 0.3, "at least 0.30 of the bare loop: %.2f", loop)
		}
		return tb, nil
	}
}

var dispatchColumns = []column{
	{"rate", "messages/s", 0}, {"worker", "worker, cores", 2}, {"redis", "Redis, cores", 2}, {"sink", "sink, cores", 2},
	{"micros", "worker, µs each", 0}, {"redismicros", "Redis, µs each", 0}, {"reads", "round trips each", 2},
}

// watcher takes the figures of one run.
type watcher struct {
	sink    *sink
	server  *server
	workers []*process
	before  struct {
		sink, server time.Duration
		reads        float64
	}
}

func (w *watcher) begin(ctx context.Context) error {
	w.before.sink = w.sink.process.cpu()
	if w.server != nil {
		if err := w.server.settled(ctx); err != nil {
			return err
		}
		w.before.server, w.before.reads = w.server.cpu(), w.server.info(ctx, "stats", "total_reads_processed")
	}
	return nil
}

// end is when n messages are done; done says whether everything is recorded.
func (w *watcher) end(ctx context.Context, n int, done func() (bool, error)) (figures, error) {
	const long = 5 * time.Minute
	var s seen
	err := until(ctx, "all requests", long, func() (yes bool, err error) {
		s, err = w.sink.seen()
		return s.Requests >= int64(n), err
	})
	if err == nil {
		err = until(ctx, "all outcomes", long, done)
	}
	if err != nil {
		return nil, err
	}
	took := time.Since(s.First).Seconds()
	f := figures{"rate": float64(n) / took, "sink": (w.sink.process.cpu() - w.before.sink).Seconds() / took}
	if w.server != nil {
		cpu := (w.server.cpu() - w.before.server).Seconds()
		f["redis"], f["redismicros"] = cpu/took, cpu/float64(n)*1e6
		f["reads"] = (w.server.info(ctx, "stats", "total_reads_processed") - w.before.reads) / float64(n)
	}
	cpu := stopAll(w.workers).Seconds()
	f["worker"], f["micros"] = cpu/took, cpu/float64(n)*1e6
	return f, nil
}

func runLoop(ctx context.Context, l *lab, n int) (figures, error) {
	s, err := l.sink(ctx)
	if err != nil {
		return nil, err
	}
	defer s.process.kill()
	w := &watcher{sink: s}
	if err := w.begin(ctx); err != nil {
		return nil, err
	}
	loop, err := l.start("loop", l.self, nil, childWord, "loop", s.url, strconv.Itoa(n))
	if err != nil {
		return nil, err
	}
	w.workers = append(w.workers, loop)
	return w.end(ctx, n, func() (bool, error) { return true, nil })
}

func runHand(ctx context.Context, l *lab, t terms, n int) (figures, error) {
	server, s, err := l.stage(ctx, t)
	if err != nil {
		return nil, err
	}
	defer s.process.kill()
	defer server.close()
	if err := handEnqueue(ctx, server.near, n); err != nil {
		return nil, err
	}
	w := &watcher{sink: s, server: server}
	if err := w.begin(ctx); err != nil {
		return nil, err
	}
	hand, err := l.start("byhand", l.self, nil, childWord, "byhand", server.addr, s.url)
	if err != nil {
		return nil, err
	}
	w.workers = append(w.workers, hand)
	return w.end(ctx, n, func() (bool, error) { return server.idle(ctx, handQueue) })
}

// idle says whether nothing stands on a queue any more.
func (s *server) idle(ctx context.Context, queue string) (bool, error) {
	pipe := s.client.Pipeline()
	pending := pipe.LLen(ctx, "asynq:{"+queue+"}:pending")
	active := pipe.LLen(ctx, "asynq:{"+queue+"}:active")
	_, err := pipe.Exec(ctx)
	return err == nil && pending.Val()+active.Val() == 0, err
}

// stage is what every run of the plain side gets anew.
func (l *lab) stage(ctx context.Context, t terms) (*server, *sink, error) {
	server, err := l.redis(ctx, t)
	if err != nil {
		return nil, nil, err
	}
	s, err := l.sink(ctx)
	if err != nil {
		server.close()
		return nil, nil, err
	}
	return server, s, nil
}
