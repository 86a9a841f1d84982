package store

import (
	"encoding/binary"
	"errors"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// A piece of news in an outbox is what it is about (16 bytes: a message's id, or that of
// what a person wrote), its kind, phase, leg, next leg and try, when it happened, and since
// when it is to be told (6 each, in ms). What else it tells is read when it is told.
const (
	aboutSize = 16
	timeSize  = 6
	newsSize  = aboutSize + 5 + 2*timeSize
)

var errUnknownNews = errors.New("news of no form that this version knows")

// newsOf is what a move is to tell those outside; "": nothing.
func newsOf(m *fallback.Move) string {
	n, told := fallback.NewsOf(m.Before, m.After)
	if !told {
		return ""
	}
	return encodeNews(n, n.At)
}

func encodeNews(n fallback.News, since time.Time) string {
	b := make([]byte, 0, newsSize)
	b = append(b, n.Message[:]...)
	b = append(b, byte(n.Kind), byte(n.Phase), n.Leg, n.Next, n.Try)
	return string(appendMillis(appendMillis(b, n.At), since))
}

func appendMillis(b []byte, t time.Time) []byte {
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(t.UnixMilli()))
	return append(b, ms[8-timeSize:]...)
}

func millisOf(b []byte) time.Time {
	var ms [8]byte
	copy(ms[8-timeSize:], b[:timeSize])
	return time.UnixMilli(int64(binary.BigEndian.Uint64(ms[:]))).UTC()
}

// decodeNews reads what encodeNews wrote. Of what a person wrote, the id is no message's.
func decodeNews(s string) (n fallback.News, since time.Time, err error) {
	if len(s) != newsSize {
		return n, since, errUnknownNews
	}
	b := []byte(s)
	n.Message = campaign.MessageID(b[:aboutSize])
	n.Kind, n.Phase = fallback.NewsKind(b[aboutSize]), fallback.Phase(b[aboutSize+1])
	n.Leg, n.Next, n.Try = b[aboutSize+2], b[aboutSize+3], b[aboutSize+4]
	n.At, since = millisOf(b[aboutSize+5:]), millisOf(b[aboutSize+5+timeSize:])
	if n.Kind != 0 && !n.Kind.Known() || !n.Phase.Known() {
		return fallback.News{}, since, errUnknownNews
	}
	return n, since, nil
}
