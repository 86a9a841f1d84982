package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

const (
	importChunk = 500
	fullFrom    = 0.75 // of maxmemory
)

// importer is one import at work: one goroutine reads and checks rows, another writes
// them.
type importer struct {
	store    *Store
	campaign *Campaign
	names    []string
	rows     Rows
	watcher  Watcher
	report   campaign.ImportReport
	digest   interface {
		io.Writer
		Sum64() uint64
	}
}

// entry is one row on its way: a recipient, a reject, or a recipient that is one
// unless it is there already.
type entry struct {
	recipient campaign.Recipient // without a number: there is only the reject
	reject    *campaign.Reject
}

func (in *importer) run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	chunks := make(chan []entry, 2)
	failed := make(chan error, 1)
	go func() {
		defer close(chunks)
		failed <- in.read(ctx, chunks)
	}()
	for n := 0; ; n++ {
		chunk, more := <-chunks
		if !more {
			break
		}
		if n%64 == 0 {
			if err := in.room(ctx); err != nil {
				return err
			}
		}
		if err := in.write(ctx, chunk); err != nil {
			return err
		}
		if in.watcher.Progress != nil {
			in.watcher.Progress(in.report)
		}
	}
	err := <-failed
	in.report.Blank = in.rows.Blank()
	return err
}

func (in *importer) read(ctx context.Context, chunks chan<- []entry) error {
	for {
		chunk := make([]entry, 0, importChunk)
		var end error
		for len(chunk) < importChunk && end == nil {
			var e entry
			if e.recipient, e.reject, end = in.rows.Next(); end == nil {
				if e.reject == nil {
					e.reject = e.recipient.IfNew
				} else {
					e.recipient = campaign.Recipient{}
				}
				chunk = append(chunk, e)
			}
		}
		select {
		case chunks <- chunk:
		case <-ctx.Done():
			return ctx.Err()
		}
		if errors.Is(end, io.EOF) {
			return nil
		} else if end != nil {
			return end
		}
	}
}

// room says whether Redis has any left for the import.
func (in *importer) room(ctx context.Context) error {
	memory, err := MemoryUse(ctx, in.store.client)
	if err == nil && memory.Share() >= fullFrom {
		return ErrRedisFull
	}
	return err
}

// write puts a chunk's recipients in line and counts what became of each row.
func (in *importer) write(ctx context.Context, chunk []entry) error {
	s := in.store
	people := make([]campaign.Destination, 0, len(chunk))
	byShard := map[shard][]int{}
	ids := make([]campaign.MessageID, len(chunk))
	at := make([]int, 0, len(chunk))
	for i := range chunk {
		e := &chunk[i]
		in.identify(e)
		if e.recipient.To == "" {
			continue
		}
		ids[i] = s.idKey.Message(in.campaign.ID, e.recipient.To, e.recipient.Key)
		people, at = append(people, e.recipient.To), append(at, i)
		sh := in.campaign.shardOf(ids[i])
		byShard[sh] = append(byShard[sh], i)
	}
	if len(people) > 0 {
		suppressed, err := s.Suppressed(ctx, people...)
		if err != nil {
			return err
		}
		for k, i := range at {
			if suppressed[k] && chunk[i].reject == nil {
				chunk[i].reject = in.reject(&chunk[i], campaign.SuppressedPerson, "this person opted out of all messages")
			}
		}
	}
	answers := make([]int64, len(chunk))
	for sh, at := range byShard {
		if err := in.writeIn(ctx, sh, chunk, ids, at, answers); err != nil {
			return err
		}
	}
	for i := range chunk {
		if err := in.count(&chunk[i], answers[i]); err != nil {
			return err
		}
	}
	return nil
}

// identify takes a row into the digest by which the same file is known again.
func (in *importer) identify(e *entry) {
	var b [8]byte
	binary.BigEndian.PutUint32(b[:], e.recipient.Row.Line)
	binary.BigEndian.PutUint32(b[4:], e.recipient.Row.Digest)
	if e.recipient.To == "" {
		binary.BigEndian.PutUint32(b[:], uint32(e.reject.Line))
	}
	in.digest.Write(b[:])
}

var newMessage = field(fallback.Count{What: fallback.InPhase, By: uint8(fallback.Scheduled)})

func (in *importer) writeIn(ctx context.Context, sh shard, chunk []entry, ids []campaign.MessageID, at []int, answers []int64) error {
	s, c := in.store, in.campaign
	name := s.indexName(sh)
	if name != "" {
		name += ":0"
	}
	now := s.now()
	args := make([]any, 0, 2+4*len(at))
	args = append(args, name, newMessage)
	for _, i := range at {
		r, due := in.record(&chunk[i], ids[i], now)
		unless := ""
		if chunk[i].reject != nil {
			unless = string(chunk[i].reject.Reason)
		}
		args = append(args, string(ids[i][:]), encode(&r), due, unless)
	}
	keys := []string{sh.messages(), sh.line(0), sh.counts(), sh.control()}
	lane := c.Route[0].Lane()
	if !s.cluster {
		keys = append(keys, indexLine(lane))
	}
	answer, err := s.scripts.importRows.Run(ctx, s.client, keys, args...).Int64Slice()
	if err != nil || len(answer) != 1+len(at) {
		return orUnexpected(err)
	}
	for k, i := range at {
		answers[i] = answer[1+k]
	}
	if s.cluster {
		s.lower(ctx, c, sh, []int64{-1, answer[0]})
	}
	return nil
}

// record is the message as it begins, and the time from which it may go, in
// milliseconds, "" for now.
func (in *importer) record(e *entry, id campaign.MessageID, now time.Time) (fallback.Record, string) {
	to := e.recipient
	due := to.Due
	if due.IsZero() {
		due = in.campaign.Start
	}
	r := fallback.Record{ID: id, Stamp: fallback.Stamp(rand.Uint64() | 1), Row: to.Row, To: to.To, Key: to.Key, Time: due}
	if due.IsZero() {
		r.Time = now
	}
	r.Due = in.campaign.Opens(to.To, due, now)
	r.Variables = make([]string, len(in.names))
	for i, name := range in.names {
		r.Variables[i] = to.Variables[name]
	}
	if r.Due.IsZero() {
		return r, ""
	}
	return r, strconv.FormatInt(r.Due.UnixMilli(), 10)
}

// answers of the import script; from sameAs on they tell the line of another row.
const (
	accepted = iota
	alreadyThere
	mayNotBeNew
	sealed
	wasCancelled
	sameAs = 10
)

func (in *importer) count(e *entry, answer int64) error {
	if e.recipient.To != "" {
		switch {
		case answer == alreadyThere:
			in.report.AlreadyThere++
			return nil
		case answer >= sameAs:
			e.reject = in.reject(e, campaign.DuplicateRecipient, fmt.Sprintf("duplicate of line %d", answer-sameAs))
		case answer == sealed:
			e.reject = in.reject(e, campaign.CampaignSealed, "the campaign was started and takes no new recipients: send them as another campaign, with another id")
		case answer == wasCancelled:
			return ErrCancelled
		case answer == accepted:
			in.report.Accepted++
			return nil
		}
	}
	in.report.Rejected++
	in.report.Reasons[e.reject.Reason]++
	if in.watcher.Rejected != nil {
		return in.watcher.Rejected(*e.reject)
	}
	return nil
}

func (in *importer) reject(e *entry, reason campaign.Reason, text string) *campaign.Reject {
	return &campaign.Reject{Line: int(e.recipient.Row.Line), Reason: reason, Text: text, Fields: e.recipient.Fields}
}
