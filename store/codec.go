package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// A record's first 18 bytes stand where the scripts look for them: stamp (8), phase
// (1), line (4) and digest (4) of its row, version (1). The rest is as short as it
// can be, for there are millions: numbers as varints, times as milliseconds after the
// message's own time, the number's digits two to a byte; what only an attempt in doubt
// has stands only there.
const (
	atPhase   = 8
	atRow     = 9
	atVersion = 17
	headSize  = 18
	version   = 2
)

// withReached in an attempt's byte of doubt says that the channel which a provider's
// chain reached stands behind the parts. A record without one is written as before there
// were chains; a program from then finds an unknown doubt, and sets the record aside.
const withReached = 1 << 7

// withDeferred says in the same way, and to programs from before it in the same way, that
// the times the provider said "try later" stand behind what was reached.
const withDeferred = 1 << 6

// errUnreadable is a record that this version does not know. It is set aside and
// counted, never guessed.
var errUnreadable = errors.New("unreadable record")

// stampBytes is a stamp as it opens a record.
func stampBytes(s fallback.Stamp) string {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(s))
	return string(b[:])
}

func encode(r *fallback.Record) string {
	b := make([]byte, headSize, 192)
	binary.BigEndian.PutUint64(b, uint64(r.Stamp))
	b[atPhase] = byte(r.State.Phase)
	binary.BigEndian.PutUint32(b[atRow:], r.Row.Line)
	binary.BigEndian.PutUint32(b[atRow+4:], r.Row.Digest)
	b[atVersion] = version
	b = append(b, r.State.Leg, r.State.Try, r.State.Fails, r.State.Checks, byte(r.State.Marks))
	b = binary.BigEndian.AppendUint64(b, uint64(r.State.Ticket))
	b = appendDigits(b, string(r.To))
	b = appendText(b, r.Key)
	b = binary.AppendVarint(b, r.Time.UnixMilli())
	b = appendTime(b, r.Due, r.Time)
	b = appendTime(b, r.Closed, r.Time)
	b = binary.AppendUvarint(b, uint64(len(r.Variables)))
	for _, v := range r.Variables {
		b = appendText(b, v)
	}
	b = binary.AppendUvarint(b, uint64(len(r.History)))
	for i := range r.History {
		b = appendAttempt(b, &r.History[i], r.Time)
	}
	return string(b)
}

func appendAttempt(b []byte, a *fallback.Attempt, since time.Time) []byte {
	doubt := byte(a.Doubt)
	if a.Reached != 0 {
		doubt |= withReached
	}
	if a.Deferred != 0 {
		doubt |= withDeferred
	}
	b = append(b, a.Leg, a.Try, byte(a.Best), byte(a.End), doubt)
	b = binary.AppendUvarint(b, uint64(a.Throttled))
	b = appendText(b, a.Reason)
	b = appendTime(b, a.Claimed, since)
	b = appendTime(b, a.Answered, since)
	b = appendTime(b, a.Reported, since)
	b = appendText(b, a.ProviderID)
	b = append(b, a.Parts)
	b = binary.AppendUvarint(b, a.Arrived)
	if a.Reached != 0 {
		b = append(b, byte(a.Reached))
	}
	if a.Deferred != 0 {
		b = append(b, a.Deferred)
	}
	if a.Doubt == fallback.NoDoubt {
		return b
	}
	return appendTime(append(b, a.Resent), a.Missing, since)
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// appendTime writes t as 0 for the zero time, else as the distance from since, moved
// by one so that no distance is 0.
func appendTime(b []byte, t, since time.Time) []byte {
	if t.IsZero() {
		return append(b, 0)
	}
	d := t.UnixMilli() - since.UnixMilli()
	if d >= 0 {
		d++
	}
	return binary.AppendVarint(b, d)
}

// appendDigits packs "+393401234567": the count of digits, then two to a byte.
func appendDigits(b []byte, number string) []byte {
	digits := strings.TrimPrefix(number, "+")
	b = append(b, byte(len(digits)))
	for i := 0; i < len(digits); i += 2 {
		pair := (digits[i] - '0') << 4
		if i+1 < len(digits) {
			pair |= digits[i+1] - '0'
		}
		b = append(b, pair)
	}
	return b
}

// reader reads what encode wrote. The first thing that does not fit stops it.
type reader struct {
	rest string
	bad  bool
}

func decode(id campaign.MessageID, s string) (r fallback.Record, err error) {
	if len(s) < headSize || s[atVersion] != version {
		return r, fmt.Errorf("message %s: %w", id, errUnreadable)
	}
	r.ID = id
	r.Stamp = fallback.Stamp(binary.BigEndian.Uint64([]byte(s[:8])))
	r.State.Phase = fallback.Phase(s[atPhase])
	r.Row.Line = binary.BigEndian.Uint32([]byte(s[atRow : atRow+4]))
	r.Row.Digest = binary.BigEndian.Uint32([]byte(s[atRow+4 : atRow+8]))
	in := &reader{rest: s[headSize:]}
	in.record(&r)
	if in.bad || in.rest != "" || !r.State.Phase.Known() {
		return fallback.Record{}, fmt.Errorf("message %s: %w", id, errUnreadable)
	}
	return r, nil
}

func (in *reader) record(r *fallback.Record) {
	s := &r.State
	s.Leg, s.Try, s.Fails, s.Checks, s.Marks = in.byte(), in.byte(), in.byte(), in.byte(), fallback.Marks(in.byte())
	s.Ticket = fallback.Stamp(binary.BigEndian.Uint64([]byte(in.take(8))))
	r.To = campaign.Destination(in.digits())
	r.Key = in.text()
	r.Time = time.UnixMilli(in.varint()).UTC()
	r.Due, r.Closed = in.time(r.Time), in.time(r.Time)
	if n := in.count(); n > 0 {
		r.Variables = make([]string, n)
		for i := range r.Variables {
			r.Variables[i] = in.text()
		}
	}
	if n := in.count(); n > 0 {
		r.History = make([]fallback.Attempt, n)
		for i := range r.History {
			in.attempt(&r.History[i], r.Time)
		}
	}
}

func (in *reader) attempt(a *fallback.Attempt, since time.Time) {
	a.Leg, a.Try, a.Best, a.End = in.byte(), in.byte(), fallback.Fact(in.byte()), fallback.End(in.byte())
	doubt := in.byte()
	a.Doubt = fallback.Doubt(doubt &^ (withReached | withDeferred))
	a.Throttled = uint16(in.uvarint())
	a.Reason = in.text()
	a.Claimed, a.Answered, a.Reported = in.time(since), in.time(since), in.time(since)
	a.ProviderID = in.text()
	a.Parts = in.byte()
	a.Arrived = in.uvarint()
	if doubt&withReached != 0 {
		a.Reached = campaign.Channel(in.byte())
		in.bad = in.bad || a.Reached < campaign.WhatsApp || a.Reached > campaign.SMS
	}
	if doubt&withDeferred != 0 {
		a.Deferred = in.byte()
		in.bad = in.bad || a.Deferred == 0
	}
	if a.Doubt != fallback.NoDoubt {
		a.Resent, a.Missing = in.byte(), in.time(since)
	}
	in.bad = in.bad || !a.Best.Known() || !a.End.Known() || !a.Doubt.Known()
}

const eight = "\x00\x00\x00\x00\x00\x00\x00\x00"

func (in *reader) take(n int) string {
	if n < 0 || len(in.rest) < n {
		in.bad, in.rest = true, ""
		return eight[:min(max(n, 0), len(eight))]
	}
	s := in.rest[:n]
	in.rest = in.rest[n:]
	return s
}

func (in *reader) byte() byte { return in.take(1)[0] }

func (in *reader) text() string {
	n := in.count()
	if in.bad {
		return ""
	}
	return in.take(n)
}

// count reads a length, which cannot be more than what is left.
func (in *reader) count() int {
	n := in.uvarint()
	if n > uint64(len(in.rest)) {
		in.bad = true
		return 0
	}
	return int(n)
}

func (in *reader) uvarint() uint64 {
	var v uint64
	for shift := uint(0); shift < 64; shift += 7 {
		b := in.byte()
		v |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return v
		}
	}
	in.bad = true
	return 0
}

func (in *reader) varint() int64 {
	u := in.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

func (in *reader) time(since time.Time) time.Time {
	d := in.varint()
	switch {
	case d == 0:
		return time.Time{}
	case d > 0:
		d--
	}
	return time.UnixMilli(since.UnixMilli() + d).UTC()
}

func (in *reader) digits() string {
	n := int(in.byte())
	packed := in.take((n + 1) / 2)
	if in.bad || n == 0 {
		return ""
	}
	out := make([]byte, 1, 1+n)
	out[0] = '+'
	for i := range n {
		d := packed[i/2]
		if i%2 == 0 {
			d >>= 4
		}
		out = append(out, '0'+d&0x0f)
	}
	return string(out)
}
