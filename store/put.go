package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// incoming is a message on its way in. With a reject it is one only if it is there
// already.
type incoming struct {
	campaign  *Campaign
	recipient campaign.Recipient
	reject    *campaign.Reject
	id        campaign.MessageID
	names     []string
}

func newIncoming(c *Campaign, to campaign.Recipient, reject *campaign.Reject) incoming {
	return incoming{campaign: c, recipient: to, reject: reject}
}

func rejected(to campaign.Recipient, reason campaign.Reason, text string) *campaign.Reject {
	return &campaign.Reject{Line: int(to.Row.Line), Reason: reason, Text: text, Fields: to.Fields}
}

const (
	suppressedText = "this person opted out of all messages"
	sealedText     = "the campaign was started and takes no new recipients: send them as another campaign, with another id"
)

// answers of the import script; from sameAs on they tell the line of another row.
const (
	accepted = iota
	alreadyThere
	mayNotBeNew
	sealed
	wasCancelled
	sameAs = 10
)

// put writes messages, of one campaign or of several, where they are not there yet, and
// gives the import script's answer for each. It takes two round trips, however many
// there are: one asks who opted out and enters those whom a STOP must find by the index,
// one writes. Who opted out has a reject after it.
func (s *Store) put(ctx context.Context, list []incoming) ([]int64, error) {
	if len(list) == 0 {
		return nil, nil
	}
	for i := range list {
		m := &list[i]
		m.id = s.idKey.Message(m.campaign.ID, m.recipient.To, m.recipient.Key)
	}
	if err := s.settleNames(ctx, list); err != nil {
		return nil, err
	}
	if err := s.introduce(ctx, list); err != nil {
		return nil, err
	}
	if err := s.passOver(ctx, list); err != nil {
		return nil, err
	}
	return s.write(ctx, list)
}

// settleNames sees to it that every variable has a place in its campaign's records.
func (s *Store) settleNames(ctx context.Context, list []incoming) (err error) {
	names := map[*Campaign][]string{}
	for i := range list {
		m := &list[i]
		if _, asked := names[m.campaign]; !asked {
			if names[m.campaign], err = s.Names(ctx, m.campaign.Number); err != nil {
				return err
			}
		}
		fresh := unnamed(m.recipient.Variables, names[m.campaign])
		if len(fresh) == 0 {
			continue
		}
		switch more, err := s.learn(ctx, m.campaign, fresh); {
		case err == nil:
			names[m.campaign] = more
		case errors.Is(err, ErrTooManyNames):
			m.reject = rejected(m.recipient, campaign.TooManyNames, ErrTooManyNames.Error())
		default:
			return err
		}
	}
	for i := range list {
		list[i].names = names[list[i].campaign]
	}
	return nil
}

// unnamed are the variables that are not among the names.
func unnamed(vars campaign.Variables, names []string) (fresh []string) {
	known := 0
	for _, name := range names {
		if _, there := vars[name]; there {
			known++
		}
	}
	if known == len(vars) {
		return nil
	}
	for name := range vars {
		if !slices.Contains(names, name) {
			fresh = append(fresh, name)
		}
	}
	slices.Sort(fresh)
	return fresh
}

// introduce marks who opted out, and enters the messages of campaigns that allow several
// to one person into the index by which a STOP finds them. It comes before the records:
// a message that is entered and not there does no harm.
func (s *Store) introduce(ctx context.Context, list []incoming) error {
	var suppressed *redis.BoolSliceCmd
	_, err := s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		people := make([]any, len(list))
		for i := range list {
			person := s.idKey.Person(list[i].recipient.To)
			people[i] = string(person[:])
			if list[i].campaign.Keyed() && list[i].reject == nil {
				p.ZAdd(ctx, keyPerson(person), redis.Z{Member: string(list[i].id[:])})
			}
		}
		suppressed = p.SMIsMember(ctx, keySuppressed, people...)
		return nil
	})
	if err != nil {
		return fmt.Errorf("look %d people up: %w", len(list), err)
	}
	for i, yes := range suppressed.Val() {
		if yes && list[i].reject == nil {
			list[i].reject = rejected(list[i].recipient, campaign.SuppressedPerson, suppressedText)
		}
	}
	return nil
}

// write runs one script for each shard, all in one round trip.
func (s *Store) write(ctx context.Context, list []incoming) ([]int64, error) {
	byShard := map[shard][]int{}
	for i := range list {
		sh := list[i].campaign.shardOf(list[i].id)
		byShard[sh] = append(byShard[sh], i)
	}
	results := make(map[shard]*redis.Cmd, len(byShard))
	now := s.now()
	_, err := s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for sh, at := range byShard {
			keys, args := s.puts(sh, list, at, now)
			results[sh] = s.scripts.importRows.Eval(ctx, p, keys, args...)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("write %d messages: %w", len(list), err)
	}
	answers := make([]int64, len(list))
	for sh, at := range byShard {
		answer, err := results[sh].Int64Slice()
		if err != nil || len(answer) != 1+len(at) {
			return nil, fmt.Errorf("write %d messages: %w", len(at), orUnexpected(err))
		}
		for k, i := range at {
			answers[i] = answer[1+k]
		}
		if s.cluster {
			s.lower(ctx, list[at[0]].campaign, sh, []int64{-1, answer[0]})
		}
	}
	return answers, nil
}

var newMessage = field(fallback.Count{What: fallback.InPhase, By: uint8(fallback.Scheduled)})

// puts are the keys and arguments of the import script for one shard.
func (s *Store) puts(sh shard, list []incoming, at []int, now time.Time) (keys []string, args []any) {
	keys = []string{sh.messages(), sh.line(0), sh.counts(), sh.control()}
	name := s.indexName(sh)
	if name != "" {
		name += ":0"
		keys = append(keys, indexLine(list[at[0]].campaign.Route[0].Lane()))
	}
	args = make([]any, 0, 2+4*len(at))
	args = append(args, name, newMessage)
	for _, i := range at {
		r, due := list[i].record(now)
		unless := ""
		if list[i].reject != nil {
			unless = string(list[i].reject.Reason)
		}
		args = append(args, string(r.ID[:]), encode(&r), due, unless)
	}
	return keys, args
}

// record is the message as it begins, and the time from which it may go, in
// milliseconds, "" for now.
func (m *incoming) record(now time.Time) (fallback.Record, string) {
	to := m.recipient
	due := to.Due
	if due.IsZero() {
		due = m.campaign.StartOf(m.id, to.To)
	}
	r := fallback.Record{ID: m.id, Stamp: fallback.Stamp(rand.Uint64() | 1), Row: to.Row, To: to.To, Key: to.Key, Time: due}
	if due.IsZero() {
		r.Time = now
	}
	r.Due = m.campaign.Opens(to.To, due, now)
	r.Variables = make([]string, len(m.names))
	for i, name := range m.names {
		r.Variables[i] = to.Variables[name]
	}
	if r.Due.IsZero() {
		return r, ""
	}
	return r, strconv.FormatInt(r.Due.UnixMilli(), 10)
}
