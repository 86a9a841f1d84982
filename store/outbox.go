package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

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

// TakeNews takes up to n pieces of news that are due, which others then leave alone for a
// time. What a piece is about may be there no more: then its record has the zero stamp, or
// there is nothing that a person wrote. What is of a form that this version does not know is
// left where it is until that time is over, for a newer version may know it.
func (s *Store) TakeNews(ctx context.Context, o Outbox, n int, keep time.Duration) ([]Told, error) {
	outbox, about, _ := o.keys()
	answer, err := s.scripts.take.Run(ctx, s.client, []string{outbox, about}, n, keep.Milliseconds()).Slice()
	if err != nil {
		return nil, fmt.Errorf("take news out of %s: %w", o.Name(), err)
	}
	list := make([]Told, 0, len(answer)/2)
	for i := 0; i+1 < len(answer); i += 2 {
		t, err := s.unpack(o, answer[i], answer[i+1])
		if err != nil {
			s.log.Error("news set aside", "outbox", o.Name(), "error", err)
			continue
		}
		list = append(list, t)
	}
	// Who is told to stop meanwhile leaves the index as it is to be.
	return list, s.settle(context.WithoutCancel(ctx), outbox, indexOutbox, o.Name())
}

// unpack reads a piece of news, and what it is about, if that is there.
func (s *Store) unpack(o Outbox, key, about any) (t Told, err error) {
	t.Key, _ = key.(string)
	if t.News, t.Since, err = decodeNews(t.Key); err != nil {
		return t, err
	}
	text, there := about.(string)
	switch {
	case !there:
	case o.Campaign != nil:
		if t.Record = s.read(t.News.Message, text); t.Record.Stamp == 0 {
			return t, errUnreadable
		}
	default:
		t.Inbound = new(Inbound)
		if json.Unmarshal([]byte(text), t.Inbound) != nil { // its error may quote what a person wrote
			return t, errUnknownNews
		}
	}
	return t, nil
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
	return s.settle(context.WithoutCancel(ctx), outbox, indexOutbox, o.Name())
}
