package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// EraseTraces takes away what is kept of a person besides their messages: the providers'
// ids of these messages and what was parked for them, the open windows on these accounts,
// how much the person got, what they wrote and nobody was told yet, rejected rows, and raw
// callbacks that bear the number; of these two it says how many. It comes before the
// messages forget the ids, and can be repeated.
func (s *Store) EraseTraces(ctx context.Context, to campaign.Destination, accounts []string, messages []fallback.Record) (rows, callbacks int, err error) {
	keys, err := s.traces(ctx, to, accounts, messages)
	if err != nil {
		return rows, 0, err
	}
	_, err = s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for _, key := range keys { // one by one, for on a cluster they lie apart
			p.Del(ctx, key)
		}
		return nil
	})
	if err != nil {
		return 0, 0, fmt.Errorf("erase what is kept of a person: %w", err)
	}
	if err := s.eraseInbound(ctx, to); err != nil {
		return 0, 0, err
	}
	list, err := s.List(ctx)
	if err != nil {
		return rows, 0, err
	}
	ending := endOf(to)
	for _, c := range list {
		n, err := s.eraseRows(ctx, c, ending)
		if rows += n; err != nil {
			return rows, 0, fmt.Errorf("erase rejected rows of campaign %q: %w", c.ID, err)
		}
	}
	if callbacks, err = s.eraseRaw(ctx, ending); err != nil {
		return rows, callbacks, fmt.Errorf("erase raw callbacks: %w", err)
	}
	return rows, callbacks, nil
}

// EraseIndex takes a person out of the index of messages. It comes last, for by the index
// the messages are found.
func (s *Store) EraseIndex(ctx context.Context, to campaign.Destination) error {
	if err := s.client.Del(ctx, keyPerson(s.idKey.Person(to))).Err(); err != nil {
		return fmt.Errorf("take a person out of the index: %w", err)
	}
	return nil
}

// traces are the keys that are of this person alone.
func (s *Store) traces(ctx context.Context, to campaign.Destination, accounts []string, messages []fallback.Record) (keys []string, err error) {
	keys = append(keys, keyFrequency(s.idKey.Person(to)))
	for _, account := range accounts {
		keys = append(keys, keyWindow(account, s.idKey.Conversation(account, to)))
	}
	for i := range messages {
		r := &messages[i]
		c, err := s.lookup(ctx, r.ID.Number())
		if err != nil {
			return nil, err
		}
		for _, a := range r.History {
			if a.ProviderID != "" && int(a.Leg) < len(c.Route) {
				account, d := c.Route[a.Leg].Account, digest(a.ProviderID)
				keys = append(keys, keyProviderID(account, d), keyParked(account, d))
			}
		}
	}
	return keys, nil
}

// eraseRows takes a person's rejected rows away, whatever they were rejected for.
func (s *Store) eraseRows(ctx context.Context, c *Campaign, ending string) (n int, err error) {
	for cursor := uint64(0); ; {
		page, next, err := s.client.HScan(ctx, keyRejects(c.Number), cursor, "", 500).Result()
		if err != nil {
			return n, err
		}
		var theirs []string
		for i := 0; i+1 < len(page); i += 2 {
			var row keptReject
			if strings.HasPrefix(page[i], headerField) || json.Unmarshal([]byte(page[i+1]), &row) != nil {
				continue
			}
			for _, field := range row.Fields {
				if bears(field, ending) {
					theirs = append(theirs, page[i])
					break
				}
			}
		}
		if len(theirs) > 0 {
			if err := s.client.HDel(ctx, keyRejects(c.Number), theirs...).Err(); err != nil {
				return n, err
			}
			n += len(theirs)
		}
		if cursor = next; cursor == 0 {
			return n, nil
		}
	}
}

func (s *Store) eraseRaw(ctx context.Context, ending string) (n int, err error) {
	all, err := s.client.LRange(ctx, keyRaw, 0, -1).Result()
	if err != nil {
		return 0, err
	}
	for _, raw := range all {
		if !bears(raw, ending) {
			continue
		}
		if err := s.client.LRem(ctx, keyRaw, 0, raw).Err(); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// endOf is the last digits of a number, by which it is known however it was written: with
// or without its country, with spaces between. Nine digits are few people's.
func endOf(to campaign.Destination) string {
	const known = 9
	d := digits(to.E164())
	return d[max(len(d)-known, 0):]
}

// bears says whether a text holds a number that ends so.
func bears(text, ending string) bool { return strings.Contains(digits(text), ending) }

func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}
