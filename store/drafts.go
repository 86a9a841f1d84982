package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// draftsFor is how long a draft is kept after its last change.
const draftsFor = 7 * 24 * time.Hour

// The fields of a draft's hash.
const (
	draftField = "draft" // the draft without the others
	fileField  = "file"
	checkField = "check"
	revision   = "revision" // raised by each change of the first two, and by those alone
)

// ErrDraftChanged is a draft that somebody changed while its file was looked at.
var ErrDraftChanged = errors.New("somebody else changed the draft meanwhile: look at it as it is now, and do it again if it is still right")

// KeepDraft keeps a campaign that begins to be prepared. Its file and check are kept apart;
// see KeepDraftFile and KeepDraftCheck.
func (s *Store) KeepDraft(ctx context.Context, d campaign.Draft) error {
	text, err := draftText(d)
	if err == nil {
		_, err = s.client.TxPipelined(ctx, func(p redis.Pipeliner) error {
			p.HSet(ctx, keyDraft(d.ID), draftField, text)
			p.PExpire(ctx, keyDraft(d.ID), draftsFor)
			return nil
		})
	}
	if err == nil {
		err = s.listDraft(ctx, d.ID)
	}
	if err != nil {
		return fmt.Errorf("keep a draft: %w", err)
	}
	return nil
}

func draftText(d campaign.Draft) ([]byte, error) {
	d.File, d.Check = nil, nil
	return json.Marshal(d)
}

// listDraft says in the list of drafts that this one was changed now.
func (s *Store) listDraft(ctx context.Context, id string) error {
	now := s.now()
	_, err := s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		p.ZAdd(ctx, keyDrafts, redis.Z{Score: float64(now.UnixMilli()), Member: id})
		p.ZRemRangeByScore(ctx, keyDrafts, "-inf", strconv.FormatInt(now.Add(-draftsFor).UnixMilli(), 10))
		return nil
	})
	return err
}

// ChangeDraft puts another campaign in the place of a draft's, whose check is void then. A
// draft that is gone meanwhile is fallback.ErrNoCampaign, here and below.
func (s *Store) ChangeDraft(ctx context.Context, d campaign.Draft) error {
	text, err := draftText(d)
	if err == nil {
		_, err = s.changeDraft(ctx, d, draftField, text, "")
	}
	if err != nil {
		return fmt.Errorf("change a draft: %w", err)
	}
	return nil
}

// KeepDraftCheck keeps what was found in a draft's file, if neither its campaign nor its
// file was changed meanwhile: that is ErrDraftChanged.
func (s *Store) KeepDraftCheck(ctx context.Context, d campaign.Draft, check campaign.DraftCheck) error {
	text, err := json.Marshal(check)
	if err == nil {
		_, err = s.changeDraft(ctx, d, checkField, text, strconv.FormatInt(d.Revision, 10))
	}
	if err != nil {
		return fmt.Errorf("keep the check of a draft: %w", err)
	}
	return nil
}

// changeDraft writes a field of a draft that is there, keeps all of it for as long as
// after any change, and gives what the field held before.
func (s *Store) changeDraft(ctx context.Context, d campaign.Draft, field string, text []byte, holds string) (before string, err error) {
	keys := []string{keyDraft(d.ID)}
	if d.File != nil {
		keys = append(keys, keyDraftFile(d.ID, d.File.Key))
	}
	found, err := s.scripts.draft.Run(ctx, s.client, keys, draftsFor.Milliseconds(), field, text, holds).Slice()
	if err != nil {
		return "", err
	}
	switch found[0].(int64) {
	case -1:
		return "", fmt.Errorf("draft %q: %w", d.ID, fallback.ErrNoCampaign)
	case -2:
		return "", ErrDraftChanged
	}
	return found[1].(string), s.listDraft(ctx, d.ID)
}

// Draft gives a draft; fallback.ErrNoCampaign if there is none of this id.
func (s *Store) Draft(ctx context.Context, id string) (d campaign.Draft, err error) {
	fields, err := s.client.HGetAll(ctx, keyDraft(id)).Result()
	if err != nil {
		return d, fmt.Errorf("read a draft: %w", err)
	}
	if fields[draftField] == "" {
		return d, fmt.Errorf("draft %q: %w", id, fallback.ErrNoCampaign)
	}
	for field, into := range map[string]any{draftField: &d, fileField: &d.File, checkField: &d.Check, revision: &d.Revision} {
		if text := fields[field]; text != "" && err == nil {
			err = json.Unmarshal([]byte(text), into)
		}
	}
	if err != nil {
		return d, fmt.Errorf("read draft %q: %w", id, err)
	}
	return d, nil
}

// Drafts gives all drafts, the one that was changed last first.
func (s *Store) Drafts(ctx context.Context) (list []campaign.Draft, err error) {
	ids, err := s.client.ZRevRange(ctx, keyDrafts, 0, -1).Result()
	if err != nil {
		return nil, fmt.Errorf("list the drafts: %w", err)
	}
	for _, id := range ids {
		if d, err := s.Draft(ctx, id); err == nil { // others have expired
			list = append(list, d)
		}
	}
	return list, nil
}

// DropDraft forgets a draft and the file that it has by then.
func (s *Store) DropDraft(ctx context.Context, id string) error {
	var file *redis.StringCmd
	_, err := s.client.TxPipelined(ctx, func(p redis.Pipeliner) error {
		file = p.HGet(ctx, keyDraft(id), fileField)
		p.Unlink(ctx, keyDraft(id))
		return nil
	})
	if err == nil || errors.Is(err, redis.Nil) { // it had no file
		s.forgetFileIn(ctx, id, file.Val())
		err = s.client.ZRem(ctx, keyDrafts, id).Err()
	}
	if err != nil {
		return fmt.Errorf("forget a draft: %w", err)
	}
	return nil
}
