package main

import (
	"context"
	"fmt"
)

// side is one of those that a measurement compares.
type side struct {
	name string
	run  func(context.Context) (figures, error)
}

// inTurn runs every side once, and all that again for each run: neighbours in time saw
// the same machine.
func (l *lab) inTurn(ctx context.Context, sides ...side) ([]row, error) {
	rows := make([]row, len(sides))
	for range l.runs {
		for i, s := range sides {
			f, err := s.run(ctx)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", s.name, err)
			}
			rows[i].name = s.name
			rows[i].runs = append(rows[i].runs, f)
		}
	}
	return rows, nil
}
