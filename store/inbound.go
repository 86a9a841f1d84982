package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// Inbound is what a person wrote, as it is kept until it was passed on.
type Inbound struct {
	ID       string               `json:"id"` // the same however often the provider reports it
	Account  string               `json:"account"`
	Channel  campaign.Channel     `json:"channel,omitzero"`
	From     campaign.Destination `json:"from,omitempty"` // only where the number is to be told
	Person   string               `json:"person"`         // keyed hash of the number, by which an erasure finds it
	Message  *campaign.MessageID  `json:"message,omitempty"`
	Text     string               `json:"text,omitempty"`
	Stop     bool                 `json:"stop,omitempty"` // they want nothing more
	Received time.Time            `json:"received"`
}

// inboundMost is how much of what people wrote is kept for one receiver.
const inboundMost = 100_000

// inboundLasts is for how long it is kept after the last of it came: longer than news is
// told, so that it ends also where the configuration names no receiver any more.
const inboundLasts = 25 * time.Hour

// KeepInbound keeps what a person wrote until its receiver was told. It may be said twice.
func (s *Store) KeepInbound(ctx context.Context, receiver string, r campaign.Receipt, number, stop bool, about *campaign.MessageID) error {
	now, id := s.now().UTC(), s.inboundID(r)
	in := Inbound{
		ID: hex.EncodeToString(id[:]), Account: r.Account, Channel: r.Channel, Person: s.personHash(r.From),
		Message: about, Text: r.Text, Stop: stop, Received: now,
	}
	if number {
		in.From = r.From
	}
	text, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("keep what a person wrote: %w", err)
	}
	o := Outbox{Receiver: receiver}
	outbox, letters, told := o.keys()
	news := encodeNews(fallback.News{Message: campaign.MessageID(id), At: now}, now)
	if err := s.client.SAdd(ctx, keyInboxes, receiver).Err(); err != nil { // first, for an erasure looks there
		return fmt.Errorf("keep what a person wrote for %s: %w", receiver, err)
	}
	at, err := s.scripts.inbound.Run(ctx, s.client, []string{outbox, letters, told}, news, text, inboundMost, inboundLasts.Milliseconds()).Int64()
	if err == nil {
		err = s.client.ZAddLT(ctx, indexOutbox, redis.Z{Score: float64(at), Member: o.Name()}).Err()
	}
	if err != nil {
		return fmt.Errorf("keep what a person wrote for %s: %w", receiver, err)
	}
	return nil
}

// inboundID is the same for what a provider reports twice.
func (s *Store) inboundID(r campaign.Receipt) [aboutSize]byte {
	mac := hmac.New(sha256.New, s.idKey[:])
	parts := []string{r.Account, r.ProviderID}
	if r.ProviderID == "" {
		parts = append(parts, r.From.E164(), r.At.UTC().Format(time.RFC3339Nano), r.Text)
	}
	for _, p := range parts {
		fmt.Fprintf(mac, "%d:%s", len(p), p)
	}
	return [aboutSize]byte(mac.Sum(nil))
}

func (s *Store) personHash(to campaign.Destination) string {
	person := s.idKey.Person(to)
	return hex.EncodeToString(person[:])
}

// LastMessageTo is the message of these campaigns to a person that was last sent over an
// account; nil: none was, or none is kept.
func (s *Store) LastMessageTo(ctx context.Context, list []*Campaign, account string, to campaign.Destination) (*campaign.MessageID, error) {
	of := map[campaign.Number]*Campaign{}
	for _, c := range list {
		of[c.Number] = c
	}
	ids, err := s.messagesIn(ctx, list, to)
	if err != nil {
		return nil, err
	}
	ids = slices.DeleteFunc(ids, func(id campaign.MessageID) bool { return of[id.Number()] == nil })
	records, err := s.Load(ctx, ids)
	if err != nil {
		return nil, err
	}
	var last *campaign.MessageID
	var when time.Time
	for i := range records {
		r := &records[i] // the zero record has no history
		for _, a := range r.History {
			if of[ids[i].Number()].Route[a.Leg].Account == account && a.Claimed.After(when) {
				last, when = &r.ID, a.Claimed
			}
		}
	}
	return last, nil
}

// eraseInbound takes away what a person wrote and nobody was told yet.
func (s *Store) eraseInbound(ctx context.Context, to campaign.Destination) error {
	receivers, err := s.client.SMembers(ctx, keyInboxes).Result()
	if err != nil {
		return fmt.Errorf("erase what a person wrote: %w", err)
	}
	person := s.personHash(to)
	for _, receiver := range receivers {
		_, letters, _ := Outbox{Receiver: receiver}.keys()
		for cursor := uint64(0); ; {
			page, next, err := s.client.HScan(ctx, letters, cursor, "", 500).Result()
			if err != nil {
				return fmt.Errorf("erase what a person wrote: %w", err)
			}
			for i := 0; i+1 < len(page); i += 2 {
				var in Inbound
				if json.Unmarshal([]byte(page[i+1]), &in) != nil || in.Person != person {
					continue
				}
				if err := s.client.HDel(ctx, letters, page[i]).Err(); err != nil {
					return fmt.Errorf("erase what a person wrote: %w", err)
				}
			}
			if cursor = next; cursor == 0 {
				break
			}
		}
	}
	return nil
}
