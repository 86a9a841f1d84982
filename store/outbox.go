package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// Outbox is where news waits until somebody outside was told: that of a shard's messages,
// which the save that made it news has put there, or what people wrote, for one receiver.
type Outbox struct {
	Campaign *Campaign // nil: what people wrote
	Receiver string    // of what people wrote
	shard    shard
}

// Told is news that was taken out of an outbox.
type Told struct {
	Key     string        // by which SettleNews knows it
	News    fallback.News // of a message
	Record  fallback.Record
	Inbound *Inbound  // or what a person wrote
	Since   time.Time // since when it is to be told
}

// Settled is what became of it.
type Settled struct {
	Key   string
	Count NewsCount // ""; it is to be told again
	Again time.Time
}

// NewsCount is how news that is over counts.
type NewsCount string

// What becomes of news.
const (
	NewsDelivered NewsCount = "delivered"
	NewsGivenUp   NewsCount = "given_up"
	NewsDropped   NewsCount = "dropped"
)

// inbox marks the names of outboxes of what people wrote.
const inbox = "inbound:"

// Name is by what Store.Outbox finds it.
func (o Outbox) Name() string {
	if o.Campaign == nil {
		return inbox + o.Receiver
	}
	return o.shard.tag()
}

// keys are the outbox, the hash of what its news is about, and the counts.
func (o Outbox) keys() (outbox, about, told string) {
	if o.Campaign == nil {
		return keyInbound(o.Receiver, "outbox"), keyInbound(o.Receiver, "letters"), keyInbound(o.Receiver, "told")
	}
	return o.shard.outbox(), o.shard.messages(), o.shard.told()
}

func (s *Store) tells(c *Campaign) bool { return s.told != nil && s.told(&c.Campaign) }

// Outboxes gives those in which news is due, and how long none will be in the others;
// negative: there are no others. That of a campaign which is gone is taken out of the index.
func (s *Store) Outboxes(ctx context.Context) (list []Outbox, next time.Duration, err error) {
	const most = 1000
	answer, err := s.scripts.heads.Run(ctx, s.client, []string{indexOutbox}, most).Slice()
	if err != nil || len(answer) != 2 {
		return nil, 0, fmt.Errorf("read the index of outboxes: %w", orUnexpected(err))
	}
	found, _ := answer[1].([]any)
	for i := 0; i+1 < len(found); i += 2 {
		name, _ := found[i].(string)
		switch o, err := s.Outbox(ctx, name); {
		case fallback.Absent(err):
			if err := s.client.ZRem(ctx, indexOutbox, name).Err(); err != nil {
				return nil, 0, fmt.Errorf("take %s out of the index of outboxes: %w", name, err)
			}
		case err != nil:
			s.log.Error("an outbox is passed over", "outbox", name, "error", err)
		default:
			list = append(list, o)
		}
	}
	soon, _ := answer[0].(int64)
	return list, time.Duration(soon) * time.Millisecond, nil
}

// Outbox gives an outbox by its name; fallback.ErrNoCampaign: its campaign is gone.
func (s *Store) Outbox(ctx context.Context, name string) (Outbox, error) {
	if receiver, is := strings.CutPrefix(name, inbox); is {
		return Outbox{Receiver: receiver}, nil
	}
	h, ok := parseHead(name, campaign.Lane{})
	if !ok {
		return Outbox{}, fmt.Errorf("outbox %q: %w", name, fallback.ErrNoCampaign)
	}
	c, err := s.lookup(ctx, h.Campaign)
	return Outbox{Campaign: c, shard: shard{h.Campaign, h.Shard}}, err
}

// TakeNews takes up to n pieces of news that are due, which others then leave alone for a
// time. What a piece is about may be there no more: then its record has the zero stamp, or
// there is nothing that a person wrote.
func (s *Store) TakeNews(ctx context.Context, o Outbox, n int, keep time.Duration) ([]Told, error) {
	outbox, about, _ := o.keys()
	answer, err := s.scripts.take.Run(ctx, s.client, []string{outbox, about}, n, keep.Milliseconds()).Slice()
	if err != nil {
		return nil, fmt.Errorf("take news out of %s: %w", o.Name(), err)
	}
	list := make([]Told, 0, len(answer)/2)
	for i := 0; i+1 < len(answer); i += 2 {
		key, _ := answer[i].(string)
		text, there := answer[i+1].(string)
		news, since, err := decodeNews(key)
		if err != nil { // a newer version may know it
			s.log.Error("news set aside", "outbox", o.Name(), "error", err)
			continue
		}
		t := Told{Key: key, News: news, Since: since}
		switch {
		case there && o.Campaign != nil:
			t.Record = s.read(news.Message, text)
		case there:
			if in := new(Inbound); json.Unmarshal([]byte(text), in) == nil {
				t.Inbound = in
			}
		}
		list = append(list, t)
	}
	return list, s.settle(ctx, outbox, indexOutbox, o.Name())
}

// SettleNews says what became of news. It may be said twice.
func (s *Store) SettleNews(ctx context.Context, o Outbox, list []Settled) error {
	if len(list) == 0 {
		return nil
	}
	outbox, about, told := o.keys()
	keys := []string{outbox, told}
	if o.Campaign == nil {
		keys = append(keys, about)
	}
	args := make([]any, 0, 3*len(list))
	for _, n := range list {
		args = append(args, n.Key, string(n.Count), n.Again.UnixMilli())
	}
	if err := s.scripts.told.Run(ctx, s.client, keys, args...).Err(); err != nil {
		return fmt.Errorf("settle %d pieces of news of %s: %w", len(list), o.Name(), err)
	}
	return s.settle(ctx, outbox, indexOutbox, o.Name())
}

// RestOutbox has an outbox not be due before a time, unless news comes.
func (s *Store) RestOutbox(ctx context.Context, o Outbox, until time.Time) error {
	err := s.client.ZAddXX(ctx, indexOutbox, redis.Z{Score: float64(until.UnixMilli()), Member: o.Name()}).Err()
	if err != nil {
		return fmt.Errorf("let %s rest: %w", o.Name(), err)
	}
	return nil
}

// lowerOutbox tells the index of news, where it lies on another server than the shard. What
// a crash leaves out here, a sweep finds.
func (s *Store) lowerOutbox(ctx context.Context, r *road, moves []saving, now int64) {
	if !r.tells {
		return
	}
	for i := range moves {
		if newsOf(moves[i].Move) == "" {
			continue
		}
		if err := s.client.ZAddLT(ctx, indexOutbox, redis.Z{Score: float64(now), Member: r.tag()}).Err(); err != nil {
			s.log.Warn("index of outboxes not lowered; the next sweep heals it", "shard", r.tag(), "error", err)
		}
		return
	}
}

// settleOutboxes enters a campaign's outboxes into the index.
func (s *Store) settleOutboxes(ctx context.Context, c *Campaign) error {
	if !s.tells(c) {
		return nil
	}
	for _, sh := range c.all() {
		if err := s.settle(ctx, sh.outbox(), indexOutbox, sh.tag()); err != nil {
			return err
		}
	}
	return nil
}
