package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/seed-438792ba/cascade/campaign"
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
	rows     Rows
	watcher  Watcher
	rejects  *rejects
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
	for chunk := range chunks {
		if err := in.store.room(ctx); err != nil {
			return err
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

// write puts a chunk's recipients in line and counts what became of each row.
func (in *importer) write(ctx context.Context, chunk []entry) error {
	list := make([]incoming, 0, len(chunk))
	at := make([]int, 0, len(chunk))
	for i := range chunk {
		e := &chunk[i]
		in.identify(e)
		if e.recipient.To != "" {
			list, at = append(list, newIncoming(in.campaign, e.recipient, e.reject)), append(at, i)
		}
	}
	answers, err := in.store.put(ctx, list)
	if err != nil {
		return err
	}
	results := make([]int64, len(chunk))
	for k, i := range at {
		results[i], chunk[i].reject = answers[k], list[k].reject
	}
	for i := range chunk {
		if err := in.count(&chunk[i], results[i]); err != nil {
			return err
		}
	}
	return in.rejects.keep(ctx, in.rows.Header)
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

func (in *importer) count(e *entry, answer int64) error {
	if e.recipient.To != "" {
		switch {
		case answer == alreadyThere:
			in.report.AlreadyThere++
			return nil
		case answer >= sameAs && e.reject != nil && e.reject.Reason == campaign.SuppressedPerson: // and perhaps erased
		case answer >= sameAs:
			e.reject = rejected(e.recipient, campaign.DuplicateRecipient, fmt.Sprintf("duplicate of line %d", answer-sameAs))
		case answer == sealed:
			e.reject = rejected(e.recipient, campaign.CampaignSealed, sealedText)
		case answer == wasCancelled:
			return ErrCancelled
		case answer == accepted:
			in.report.Accepted++
			return nil
		}
	}
	in.report.Rejected++
	in.report.Reasons[e.reject.Reason]++
	in.rejects.add(*e.reject)
	if in.watcher.Rejected != nil {
		return in.watcher.Rejected(*e.reject)
	}
	return nil
}
