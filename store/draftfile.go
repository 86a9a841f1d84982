package store

import (
	"bytes"
	"compress/flate"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
)

// draftPart is how much of a file one part holds, before it is deflated.
const draftPart = 256 << 10

// partsFor is how long a part is kept that is in no draft yet: that of a process which died
// while the file came goes by itself.
const partsFor = time.Hour

// KeepDraftFile keeps a file of recipients for a draft, part by part as it comes, in the
// place of the one before. A file is kept as it is and not as records, so that its columns
// can still be mapped otherwise; deflated it takes about a tenth of what its messages will.
// Of one that does not come whole nothing stays, and the one before does.
func (s *Store) KeepDraftFile(ctx context.Context, d campaign.Draft, name string, from io.Reader) (f campaign.DraftFile, err error) {
	f = campaign.DraftFile{Name: name, Key: rand.Text()}
	key := keyDraftFile(d.ID, f.Key)
	defer func() {
		if err != nil {
			s.forgetFile(ctx, key)
		}
	}()
	if err := s.keepParts(ctx, key, from, &f); err != nil {
		return f, err
	}
	text, err := json.Marshal(f)
	if err != nil {
		return f, err
	}
	d.File = &f
	before, err := s.changeDraft(ctx, d, fileField, text, "")
	if err != nil {
		return f, fmt.Errorf("keep the file of a draft: %w", err)
	}
	if before != string(text) { // else the call was repeated
		s.forgetFileIn(ctx, d.ID, before)
	}
	return f, nil
}

// forgetFileIn forgets the file that a draft's field held.
func (s *Store) forgetFileIn(ctx context.Context, id, field string) {
	var f campaign.DraftFile
	if json.Unmarshal([]byte(field), &f) == nil { // else it held none
		s.forgetFile(ctx, keyDraftFile(id, f.Key))
	}
}

// forgetFile is also called when nobody waits any more.
func (s *Store) forgetFile(ctx context.Context, key string) {
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer done()
	if err := s.client.Unlink(ctx, key).Err(); err != nil {
		s.log.Warn("the parts of a draft's file are not removed; they expire by themselves", "error", err)
	}
}

func (s *Store) keepParts(ctx context.Context, key string, from io.Reader, f *campaign.DraftFile) error {
	part := make([]byte, draftPart)
	for {
		n, end := fill(part, from)
		if end != nil && end != io.EOF { // a wrapped one would be another's
			return end
		}
		if n > 0 {
			if err := s.keepPart(ctx, key, part[:n]); err != nil {
				return fmt.Errorf("keep the file of a draft: %w", err)
			}
			f.Bytes, f.Parts = f.Bytes+int64(n), f.Parts+1
		}
		if end != nil {
			return nil
		}
	}
}

// fill reads until the part is full or the source ends. io.ReadFull would not do: it calls
// an end within a part what a body that broke off is called as well.
func fill(part []byte, from io.Reader) (n int, err error) {
	for n < len(part) && err == nil {
		var more int
		more, err = from.Read(part[n:])
		n += more
	}
	return n, err
}

func (s *Store) keepPart(ctx context.Context, key string, part []byte) error {
	if err := s.room(ctx); err != nil {
		return err
	}
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err != nil {
		return err
	}
	_, _ = w.Write(part) // into memory
	_ = w.Close()
	_, err = s.client.TxPipelined(ctx, func(p redis.Pipeliner) error {
		p.RPush(ctx, key, b.Bytes())
		p.PExpire(ctx, key, partsFor)
		return nil
	})
	return err
}

// DraftFile reads a draft's file, one part in memory at a time. Without a file it is empty.
func (s *Store) DraftFile(ctx context.Context, d campaign.Draft) io.Reader {
	if d.File == nil {
		return bytes.NewReader(nil)
	}
	return &draftParts{ctx: ctx, store: s, key: keyDraftFile(d.ID, d.File.Key), left: d.File.Parts}
}

type draftParts struct {
	ctx   context.Context
	store *Store
	key   string
	next  int64
	left  int
	part  io.Reader
}

func (p *draftParts) Read(into []byte) (int, error) {
	for {
		if p.part != nil {
			n, err := p.part.Read(into)
			if n > 0 || !errors.Is(err, io.EOF) {
				return n, err
			}
		}
		if p.left == 0 {
			return 0, io.EOF
		}
		found, err := p.store.client.LRange(p.ctx, p.key, p.next, p.next).Result()
		if err == nil && len(found) == 0 {
			err = errors.New("a part of it is gone: upload it again")
		}
		if err != nil {
			return 0, fmt.Errorf("read the file of a draft: %w", err)
		}
		p.part, p.next, p.left = flate.NewReader(strings.NewReader(found[0])), p.next+1, p.left-1
	}
}
