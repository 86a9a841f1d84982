package store

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// Rows is a stream of recipients, as campaign.Reader gives them. At its end Next
// answers io.EOF.
type Rows interface {
	Names() []string // of the variables, in the order in which records keep them
	Next() (campaign.Recipient, *campaign.Reject, error)
	Blank() int // wholly empty rows so far
}

// Watcher is told of an import as it goes on. Its functions are called by one
// goroutine; either may be nil.
type Watcher struct {
	Rejected func(campaign.Reject) error
	Progress func(campaign.ImportReport)
}

// What an import is refused for, besides the rows.
var (
	ErrRedisFull = errors.New("Redis is nearly full: an import would leave no room for open messages to finish. " +
		"Raise maxmemory, or wait until older campaigns have ended their retention")
	ErrCancelled = errors.New("it is cancelled and takes no recipients")
)

const (
	importChunk = 500
	fullFrom    = 0.75 // of maxmemory
)

// Import takes recipients into a campaign. It can be repeated: a row that is there
// already is counted as such. Memory does not grow with the rows.
func (s *Store) Import(ctx context.Context, id string, rows Rows, w Watcher) (campaign.ImportReport, error) {
	c, err := s.Find(ctx, id)
	if err != nil {
		return campaign.ImportReport{}, err
	}
	state, err := s.States(ctx, []campaign.Number{c.Number})
	if err != nil {
		return campaign.ImportReport{}, err
	}
	if state[c.Number] == Cancelled {
		return campaign.ImportReport{}, fmt.Errorf("campaign %q: %w", id, ErrCancelled)
	}
	names, err := s.fixNames(ctx, c, rows.Names())
	if err != nil {
		return campaign.ImportReport{}, err
	}
	ended, err := s.importing(ctx, c.Number)
	if err != nil {
		return campaign.ImportReport{}, err
	}
	defer ended()
	in := &importer{store: s, campaign: c, names: names, watcher: w, rows: rows, digest: fnv.New64a(),
		report: campaign.ImportReport{Reasons: map[campaign.Reason]int{}}}
	if err := in.run(ctx); err != nil {
		return in.report, fmt.Errorf("import into campaign %q: %w", id, err)
	}
	ended()
	return in.report, s.imported(ctx, c, strconv.FormatUint(in.digest.Sum64(), 16), in.report)
}

// fixNames settles the names of the variables with the first import; records keep
// values only.
func (s *Store) fixNames(ctx context.Context, c *Campaign, names []string) ([]string, error) {
	text, err := json.Marshal(names)
	if err != nil {
		return nil, err
	}
	if err := s.client.HSetNX(ctx, keyState(c.Number), "names", text).Err(); err != nil {
		return nil, fmt.Errorf("import into campaign %q: %w", c.ID, err)
	}
	return s.Names(ctx, c.Number)
}

// Names are the names of the variables whose values a campaign's records keep.
func (s *Store) Names(ctx context.Context, n campaign.Number) ([]string, error) {
	c, err := s.lookup(ctx, n)
	if err != nil {
		return nil, err
	}
	if names := c.names.Load(); names != nil {
		return *names, nil
	}
	text, err := s.client.HGet(ctx, keyState(n), "names").Result()
	if errors.Is(err, redis.Nil) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("read the names of campaign %q: %w", c.ID, err)
	}
	var names []string
	if err := json.Unmarshal([]byte(text), &names); err != nil {
		return nil, fmt.Errorf("read the names of campaign %q: %w", c.ID, err)
	}
	c.names.Store(&names)
	return names, nil
}

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
			e.reject = in.reject(e, campaign.CampaignSealed, "the campaign was started and takes no new recipients")
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

// imported notes the end of an import: its report, and that the campaign is ready.
func (s *Store) imported(ctx context.Context, c *Campaign, digest string, report campaign.ImportReport) error {
	text, err := json.Marshal(report)
	if err != nil {
		return err
	}
	if err := s.client.HSet(ctx, keyImports(c.Number), digest, text).Err(); err != nil {
		return fmt.Errorf("note the import into campaign %q: %w", c.ID, err)
	}
	var wrong *WrongStateError
	_, err = s.change(ctx, c.ID, step{to: Ready, from: []State{Draft, Ready}, by: "import"})
	if !errors.As(err, &wrong) {
		return err
	}
	if started := wrong.State == Running || wrong.State == Paused; started && c.StartWhileImporting {
		_, err = s.change(ctx, c.ID, step{to: wrong.State, from: []State{wrong.State}, seal: true, by: "import"})
		return err
	}
	return nil // it has been started before: the same rows again
}

// rejected is how many rows were rejected, over all files that were imported.
func (s *Store) rejected(ctx context.Context, n campaign.Number) (sum int, err error) {
	all, err := s.client.HVals(ctx, keyImports(n)).Result()
	if err != nil {
		return 0, fmt.Errorf("read the imports of campaign %s: %w", n, err)
	}
	for _, text := range all {
		var report campaign.ImportReport
		if err := json.Unmarshal([]byte(text), &report); err != nil {
			return 0, fmt.Errorf("read the imports of campaign %s: %w", n, err)
		}
		sum += report.Rejected
	}
	return sum, nil
}
