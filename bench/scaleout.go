package main

import (
	"context"
	"errors"
)

// scaleout measures one, two and four worker processes on one machine, and looks for
// messages that were lost or sent twice.
func scaleout(ctx context.Context, l *lab) (table, error) {
	n := l.sized(40_000)
	name := func(k int) string {
		return map[int]string{1: "one process", 2: "two processes", 4: "four processes"}[k]
	}
	var sides []side
	counts := []int{1, 2, 4}
	for _, k := range counts {
		sides = append(sides, side{name(k), func(ctx context.Context) (figures, error) { return runScaled(ctx, l, n, k) }})
	}
	rows, err := l.inTurn(ctx, sides...)
	if err != nil {
		return table{}, err
	}
	t := table{rows: rows, columns: append(dispatchColumns[:len(dispatchColumns):len(dispatchColumns)], column{"lost", "lost", 0}, column{"twice", "twice", 0})}
	for _, k := range counts {
		lost, twice := t.most(name(k), "lost"), t.most(name(k), "twice")
		t.goal(lost+twice == 0, "%s: of %d messages none lost and none twice: %.0f and %.0f", name(k), n, lost, twice)
		if k > 1 {
			t.against = append(t.against, [2]string{name(k), name(1)})
			_, ratio, _ := t.ratio(name(k), name(1))
			t.goal(ratio >= 1, "%s not below one on %d cores that they share: %.2f of it", name(k), cores(), ratio)
		}
	}
	return t, nil
}

func runScaled(ctx context.Context, l *lab, n, workers int) (figures, error) {
	var log journal
	f, err := runCascade(ctx, l, plainRedis, n, workers, func(s *sink) (err error) {
		log, err = s.log()
		return err
	}, "-log")
	if err != nil {
		return nil, err
	}
	distinct := log.distinct()
	if len(log) == 0 {
		return nil, errors.New("the sink kept no log")
	}
	f["lost"], f["twice"] = float64(n-distinct), float64(len(log)-distinct)
	return f, nil
}
