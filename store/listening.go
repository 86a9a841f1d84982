package store

import (
	"context"

	"github.com/seed-438792ba/cascade/fallback"
)

// Ledger is a ledger that tells the watch of every send that is saved as accepted.
func (h *Hearing) Ledger(l fallback.Ledger) fallback.Ledger { return &listening{l, h} }

type listening struct {
	fallback.Ledger
	hearing *Hearing
}

func (l *listening) Save(ctx context.Context, moves []fallback.Move) []error {
	errs := l.Ledger.Save(ctx, moves)
	for i := range moves {
		if errs[i] != nil {
			continue
		}
		leg := moves[i].After.State.Leg
		if moves[i].Adds(fallback.Count{What: fallback.LegAccepted, Leg: leg}) <= 0 {
			continue
		}
		if c, err := l.hearing.store.lookup(ctx, moves[i].After.ID.Number()); err == nil {
			l.hearing.Accepted(c.Route[leg].Lane())
		}
	}
	return errs
}
