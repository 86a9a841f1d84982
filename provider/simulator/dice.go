package simulator

import (
	"time"
)

// dice give chances that depend on the seed and a message's id only: neither the
// order of the requests nor their timing changes a run.
type dice uint64

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

func newDice(seed uint64, id string) dice {
	return dice(fnvOffset ^ seed*fnvPrime).with(id)
}

func (d dice) with(s string) dice {
	for i := range len(s) {
		d = (d ^ dice(s[i])) * fnvPrime
	}
	return d
}

// roll is a number from 0 up to 1, its own for each purpose and turn.
func (d dice) roll(purpose string, turn int) float64 {
	x := uint64(d.with(purpose)) + uint64(turn)*0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return float64((x^x>>31)>>11) / (1 << 53)
}

// between is a duration of the span, for that purpose and turn.
func (d dice) between(s Span, purpose string, turn int) time.Duration {
	return s.Min.Std() + time.Duration(d.roll(purpose, turn)*float64(s.Max-s.Min))
}
