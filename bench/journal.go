package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"slices"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// journal is what went over a wire, by time: 24 bytes each, so that a million are no
// burden to who keeps it.
type journal []request

type request struct {
	at      int64 // µs
	attempt campaign.AttemptID
}

const entrySize = 8 + 16

func (j journal) write(w io.Writer) error {
	b := bufio.NewWriter(w)
	var entry [entrySize]byte
	for _, r := range j {
		binary.LittleEndian.PutUint64(entry[:], uint64(r.at))
		copy(entry[8:], r.attempt[:])
		_, _ = b.Write(entry[:]) // Flush tells
	}
	return b.Flush()
}

func readJournal(r io.Reader) (j journal, err error) {
	b := bufio.NewReader(r)
	for {
		var entry [entrySize]byte
		switch _, err := io.ReadFull(b, entry[:]); {
		case errors.Is(err, io.EOF):
			slices.SortStableFunc(j, func(a, b request) int { return int(a.at - b.at) })
			return j, nil
		case err != nil:
			return nil, err
		}
		j = append(j, request{int64(binary.LittleEndian.Uint64(entry[:])), campaign.AttemptID(entry[8:])})
	}
}

func (j journal) save(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	return j.write(f)
}

func openJournal(path string) (journal, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return readJournal(f)
}

// leg gives the requests on one leg.
func (j journal) leg(n int) (on journal) {
	for _, r := range j {
		if r.attempt.Leg() == n {
			on = append(on, r)
		}
	}
	return on
}

// within gives the requests of a time.
func (j journal) within(from, to time.Time) (in journal) {
	for _, r := range j {
		if r.at >= from.UnixMicro() && r.at < to.UnixMicro() {
			in = append(in, r)
		}
	}
	return in
}

// distinct is how many attempts there are.
func (j journal) distinct() int {
	attempts := make(map[campaign.AttemptID]bool, len(j))
	for _, r := range j {
		attempts[r.attempt] = true
	}
	return len(attempts)
}

// worst is the most requests in any window of this length.
func (j journal) worst(window time.Duration) (most int) {
	first := 0
	for i := range j {
		for j[i].at-j[first].at >= window.Microseconds() {
			first++
		}
		most = max(most, i-first+1)
	}
	return most
}
