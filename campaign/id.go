package campaign

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"

	"github.com/google/uuid"
)

// IDKey is the deployment's secret from which ids are computed. Two processes with
// the same key agree on every id; without it an id says nothing about a number.
type IDKey [32]byte

// Number is a campaign's 40-bit number, a keyed hash of its id. It opens every id
// of the campaign's messages, so that a receipt finds its campaign by itself.
type Number uint64

// Number computes the number of the campaign with this id.
func (k IDKey) Number(campaignID string) Number {
	sum := k.sum("campaign", campaignID)
	return Number(binary.BigEndian.Uint64(sum[:8]) >> 24)
}

func (n Number) String() string { return fmt.Sprintf("%010x", uint64(n)) }

// ParseNumber reads the ten hexadecimal digits that String prints.
func ParseNumber(s string) (Number, error) {
	var b [5]byte
	if n, err := hex.Decode(b[:], []byte(s)); err != nil || n != len(b) || len(s) != 2*len(b) {
		return 0, fmt.Errorf("campaign number %q: want ten hexadecimal digits", s)
	}
	return Number(uint64(binary.BigEndian.Uint32(b[:4]))<<8 | uint64(b[4])), nil
}

// Message computes the id of the campaign's message to this recipient. key is the
// row's own key where a campaign allows several messages to one person, else "".
func (k IDKey) Message(campaignID string, to Destination, key string) MessageID {
	person := k.sum("person", campaignID, string(to), key)
	return newID(k.Number(campaignID), person[:9])
}

// Person computes what is kept of a suppressed number: a keyed hash, not the number.
func (k IDKey) Person(to Destination) [16]byte {
	return [16]byte(k.sum("suppression", string(to)))
}

// Conversation computes what is kept of a person who wrote to an account: a keyed hash.
func (k IDKey) Conversation(account string, with Destination) [16]byte {
	return [16]byte(k.sum("conversation", account, string(with)))
}

// sum hashes the parts with their lengths, so that no two lists of parts agree.
func (k IDKey) sum(parts ...string) []byte {
	h := hmac.New(sha256.New, k[:])
	var size [4]byte
	for _, p := range parts {
		binary.BigEndian.PutUint32(size[:], uint32(len(p)))
		h.Write(size[:])
		h.Write([]byte(p))
	}
	return h.Sum(nil)
}

// MessageID names one campaign's message to one person, and AttemptID one try of it
// on one leg. Both are UUIDs of version 8 with these 122 bits, in order: 40 campaign,
// 4 leg, 6 try, 72 person. Leg and try count from 1 and are zero in a MessageID.
type (
	MessageID [16]byte
	AttemptID [16]byte
)

// MaxLegs and MaxTries are what the bits of an attempt id can hold.
const (
	MaxLegs  = 15
	MaxTries = 63
)

func newID(n Number, person []byte) (id MessageID) {
	binary.BigEndian.PutUint32(id[0:4], uint32(n>>8))
	id[4] = byte(n)
	// 72 bits of person around the version and variant bits: 2, 8, 6, 56.
	id[6] = 0x80 | person[0]>>6
	id[7] = person[0]<<2 | person[1]>>6
	id[8] = 0x80 | person[1]&0x3f
	copy(id[9:], person[2:9])
	return id
}

// Attempt names the message's try on a leg; both count from 0 here, as in a State,
// and from 1 in the id.
func (m MessageID) Attempt(leg, try int) AttemptID {
	a := AttemptID(m)
	l, t := byte(leg+1), byte(try+1)
	a[5] = l<<4 | t>>2
	a[6] |= (t & 3) << 2
	return a
}

// Number is the number of the campaign that the message belongs to.
func (m MessageID) Number() Number {
	return Number(uint64(binary.BigEndian.Uint32(m[0:4]))<<8 | uint64(m[4]))
}

// Shard is the message's shard of n.
func (m MessageID) Shard(n int) int {
	return int(binary.BigEndian.Uint32(m[12:16]) % uint32(n))
}

func (m MessageID) String() string { return uuid.UUID(m).String() }

// MarshalText gives the UUID form.
func (m MessageID) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads the UUID form of a message id.
func (m *MessageID) UnmarshalText(b []byte) error {
	parsed, err := ParseMessageID(string(b))
	if err != nil {
		return err
	}
	*m = parsed
	return nil
}

// ParseMessageID reads the UUID form of a message id; an attempt's id is an error.
func ParseMessageID(s string) (MessageID, error) {
	u, err := parseID(s)
	if err != nil {
		return MessageID{}, fmt.Errorf("message id %q: %w", s, err)
	}
	m := MessageID(u)
	if leg, try := AttemptID(m).bits(); leg != 0 || try != 0 {
		return MessageID{}, fmt.Errorf("message id %q: this is the id of an attempt", s)
	}
	return m, nil
}

// Message is the id of the message that the attempt belongs to.
func (a AttemptID) Message() MessageID {
	m := MessageID(a)
	m[5] = 0
	m[6] &= 0xf3
	return m
}

// Leg is the attempt's leg, counted from 0.
func (a AttemptID) Leg() int { leg, _ := a.bits(); return leg - 1 }

// Try is the attempt's try, counted from 0: each retry by an operator is one more.
func (a AttemptID) Try() int { _, try := a.bits(); return try - 1 }

func (a AttemptID) bits() (leg, try int) {
	return int(a[5] >> 4), int(a[5]&0x0f)<<2 | int(a[6]>>2)&3
}

func (a AttemptID) String() string { return uuid.UUID(a).String() }

// Hex is the id without dashes, as it stands in the id of a job.
func (a AttemptID) Hex() string { return hex.EncodeToString(a[:]) }

// MarshalText gives the UUID form.
func (a AttemptID) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads the UUID form of an attempt id, or of none at all.
func (a *AttemptID) UnmarshalText(b []byte) error {
	if string(b) == (AttemptID{}).String() {
		*a = AttemptID{}
		return nil
	}
	parsed, err := ParseAttemptID(string(b))
	if err != nil {
		return err
	}
	*a = parsed
	return nil
}

// ParseAttemptID reads the UUID form, in either case, of an attempt id. Anything
// else, a message's id among it, is an error: it was not ours.
func ParseAttemptID(s string) (AttemptID, error) {
	u, err := parseID(s)
	if err != nil {
		return AttemptID{}, fmt.Errorf("attempt id: %w", err)
	}
	a := AttemptID(u)
	if leg, try := a.bits(); leg == 0 || try == 0 {
		return AttemptID{}, fmt.Errorf("attempt id: its leg or try is missing")
	}
	return a, nil
}

func parseID(s string) (uuid.UUID, error) {
	u, err := uuid.Parse(s)
	if err != nil {
		return u, fmt.Errorf("want a UUID: %w", err)
	}
	if u.Version() != 8 || u.Variant() != uuid.RFC4122 {
		return u, fmt.Errorf("want a UUID of version 8")
	}
	return u, nil
}
