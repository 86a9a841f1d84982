package store

import (
	"context"
	"encoding/json"
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
)

// KeepDraft keeps a campaign that is being prepared. Its file and check are kept apart; see
// KeepDraftFile and KeepDraftCheck.
func (s *Store) KeepDraft(ctx context.Context, d campaign.Draft) error {
	d.File, d.Check = nil, nil
	text, err := json.Marshal(d)
	if err != nil {
		return err
	}
	now := s.now()
	_, err = s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		p.HSet(ctx, keyDraft(d.ID), draftField, text)
		p.PExpire(ctx, keyDraft(d.ID), draftsFor)
		p.ZAdd(ctx, keyDrafts, redis.Z{Score: float64(now.UnixMilli()), Member: d.ID})
		p.ZRemRangeByScore(ctx, keyDrafts, "-inf", strconv.FormatInt(now.Add(-draftsFor).UnixMilli(), 10))
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep a draft: %w", err)
	}
	return nil
}

// KeepDraftCheck keeps what was found in a draft's file.
func (s *Store) KeepDraftCheck(ctx context.Context, id string, check campaign.DraftCheck) error {
	text, err := json.Marshal(check)
	if err == nil {
		err = s.client.HSet(ctx, keyDraft(id), checkField, text).Err()
	}
	if err != nil {
		return fmt.Errorf("keep the check of a draft: %w", err)
	}
	return nil
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
	for field, into := range map[string]any{draftField: &d, fileField: &d.File, checkField: &d.Check} {
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

// DropDraft forgets a draft and its file.
func (s *Store) DropDraft(ctx context.Context, d campaign.Draft) error {
	keys := []string{keyDraft(d.ID)}
	if d.File != nil {
		keys = append(keys, keyDraftFile(d.ID, d.File.Key))
	}
	_, err := s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		p.Del(ctx, keys...)
		p.ZRem(ctx, keyDrafts, d.ID)
		return nil
	})
	if err != nil {
		return fmt.Errorf("forget a draft: %w", err)
	}
	return nil
}
