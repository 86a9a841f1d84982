package store

import (
	"slices"
	"strconv"

	"github.com/seed-438792ba/cascade/fallback"
)

// saveArgs are what the save script is told; tells: somebody outside is told news.
func saveArgs(legs int, index string, tells bool, moves []saving) []any {
	kinds, of := kindsOf(moves)
	args := make([]any, 0, 3+10*len(kinds)+8*len(moves))
	args = append(args, legs, index, len(kinds))
	for _, k := range kinds {
		args = append(args, len(k))
		for _, a := range k {
			args = append(args, field(a.Count), a.N)
		}
	}
	for i := range moves {
		args = appendMove(args, moves[i], of[i])
		if tells {
			args = append(args, newsOf(moves[i].Move))
		}
	}
	return args
}

// kindsOf tells moves apart by what they add to the counts; of counts from 1, and is 0
// for those that add nothing.
func kindsOf(moves []saving) (kinds [][]fallback.Add, of []int) {
	of = make([]int, len(moves))
	for i, m := range moves {
		if len(m.Counts) == 0 {
			continue
		}
		for k, kind := range kinds {
			if slices.Equal(kind, m.Counts) {
				of[i] = k + 1
			}
		}
		if of[i] == 0 {
			kinds = append(kinds, m.Counts)
			of[i] = len(kinds)
		}
	}
	return kinds, of
}

func appendMove(args []any, m saving, kind int) []any {
	to, when := "K", ""
	switch m.Place.Kind {
	case fallback.Nowhere:
		to = ""
	case fallback.Clock:
		to, when = "C", strconv.FormatInt(m.Place.In.Milliseconds(), 10)
	case fallback.Line:
		to = strconv.Itoa(m.Place.Leg)
		if !m.Place.At.IsZero() {
			when = strconv.FormatInt(m.Place.At.UnixMilli(), 10)
		}
	}
	claim := ""
	if m.Claim {
		claim = "0"
		if !m.NotAfter.IsZero() {
			claim = strconv.FormatInt(m.NotAfter.UnixMilli(), 10)
		}
	}
	return append(args, string(m.After.ID[:]), stampBytes(m.Before.Stamp), m.record, standing(m.Before.State), to, when, claim, kind)
}
