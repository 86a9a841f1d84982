package simulator

import (
	"encoding/json"
	"io"
	"iter"
	"sync"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// journal holds a record of every request, up to most of them. What comes later is
// counted, and still written to the file.
type journal struct {
	most int
	file io.Writer // nil: none

	mu       sync.Mutex
	chunks   []*[chunk]record
	total    uint64 // requests, kept or not
	counts   map[laneName]*[answerCount]int
	told     int // callbacks that were answered 2xx
	untold   int // tries that were not
	writeErr error
}

// laneName is what requests are counted by.
type laneName struct {
	provider string
	channel  campaign.Channel
}

// chunk keeps the log from being copied as it grows.
const chunk = 1024

func newJournal(most int, file io.Writer) *journal {
	return &journal{most: most, file: file, counts: map[laneName]*[answerCount]int{}}
}

// open begins the record of a request that is about to be answered.
func (j *journal) open(r record) *record {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.count(r)
	i := int(j.total)
	j.total++
	r.seq, r.open = j.total, 1
	if i >= j.most {
		return &r
	}
	if i%chunk == 0 {
		j.chunks = append(j.chunks, new([chunk]record))
	}
	kept := &j.chunks[i/chunk][i%chunk]
	*kept = r
	return kept
}

func (j *journal) count(r record) {
	l := r.lane.Value()
	name := laneName{l.provider, l.channel}
	if j.counts[name] == nil {
		j.counts[name] = new([answerCount]int)
	}
	j.counts[name][r.answer]++
}

// answered notes how the request was answered; status 0: it was not.
func (j *journal) answered(r *record, status int, took time.Duration) {
	j.change(r, func() { r.status, r.took = uint16(status), micros(took) })
	j.settle(r)
}

// expect says that so much news about the request is to come. Each is settled once.
func (j *journal) expect(r *record, news int) {
	j.change(r, func() {
		r.open += uint16(news)
		r.callbacks = make([]callback, 0, news) // most news takes one try
	})
}

// posted notes a try to tell the caller something.
func (j *journal) posted(r *record, c callback) {
	j.change(r, func() {
		r.callbacks = append(r.callbacks, c)
		if c.status/100 == 2 {
			j.told++
		} else {
			j.untold++
		}
	})
}

// settle ends one of the things that were to come. The record goes to the file with
// the last of them.
func (j *journal) settle(r *record) {
	j.change(r, func() {
		if r.open--; r.open == 0 {
			j.write(r)
		}
	})
}

func (j *journal) change(r *record, f func()) {
	j.mu.Lock()
	defer j.mu.Unlock()
	f()
}

// write appends the record to the file, if there is one; j.mu is held.
func (j *journal) write(r *record) {
	if j.file == nil || j.writeErr != nil {
		return
	}
	line, err := json.Marshal(r.view())
	if err == nil {
		_, err = j.file.Write(append(line, '\n'))
	}
	j.writeErr = err
}

// close writes what is not settled yet, and says whether all could be written. After
// it nothing is written.
func (j *journal) close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	for i := range j.kept() {
		if r := &j.chunks[i/chunk][i%chunk]; r.open > 0 {
			j.write(r)
		}
	}
	j.file = nil
	return j.writeErr
}

// held is how many records there are.
func (j *journal) held() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return uint64(j.kept())
}

// kept is how many records are held; j.mu is held.
func (j *journal) kept() int { return min(int(j.total), j.most) }

// since yields the records with a higher number than seq, as they stand.
func (j *journal) since(seq uint64) iter.Seq[Record] {
	return func(yield func(Record) bool) {
		for i := seq; ; {
			batch := j.batch(i)
			for _, r := range batch {
				if !yield(r) {
					return
				}
			}
			if i += uint64(len(batch)); len(batch) == 0 {
				return
			}
		}
	}
}

// batch copies a few records, so that the log is never held for long.
func (j *journal) batch(from uint64) []Record {
	const size = 256
	j.mu.Lock()
	defer j.mu.Unlock()
	var out []Record
	for i := from; i < uint64(j.kept()) && len(out) < size; i++ {
		out = append(out, j.chunks[i/chunk][i%chunk].view())
	}
	return out
}
