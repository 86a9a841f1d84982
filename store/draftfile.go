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

	"github.com/seed-438792ba/cascade/campaign"
)

// draftPart is how much of a file one part holds, before it is deflated.
const draftPart = 256 << 10

// KeepDraftFile keeps a file of recipients for a draft, part by part as it comes, in the
// place of the one before. A file is kept as it is and not as records, so that its columns
// can still be mapped otherwise; deflated it takes about a tenth of what its messages will.
func (s *Store) KeepDraftFile(ctx context.Context, d campaign.Draft, name string, from io.Reader) (campaign.DraftFile, error) {
	f := campaign.DraftFile{Name: name, Key: rand.Text()}
	key := keyDraftFile(d.ID, f.Key)
	part := make([]byte, draftPart)
	for {
		n, end := io.ReadFull(from, part)
		if n > 0 {
			if err := s.keepPart(ctx, key, part[:n]); err != nil {
				return f, err
			}
			f.Bytes, f.Parts = f.Bytes+int64(n), f.Parts+1
		}
		if errors.Is(end, io.EOF) || errors.Is(end, io.ErrUnexpectedEOF) {
			break
		}
		if end != nil {
			_ = s.client.Del(ctx, key).Err() // it expires by itself, if later
			return f, end
		}
	}
	text, err := json.Marshal(f)
	if err == nil {
		err = s.client.HSet(ctx, keyDraft(d.ID), fileField, text).Err()
	}
	if err == nil && d.File != nil {
		err = s.client.Del(ctx, keyDraftFile(d.ID, d.File.Key)).Err()
	}
	if err != nil {
		return f, fmt.Errorf("keep the file of a draft: %w", err)
	}
	return f, nil
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
	err = s.client.RPush(ctx, key, b.Bytes()).Err()
	if err == nil {
		err = s.client.PExpire(ctx, key, draftsFor).Err()
	}
	if err != nil {
		return fmt.Errorf("keep the file of a draft: %w", err)
	}
	return nil
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
