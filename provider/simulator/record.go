package simulator

import (
	"encoding/json"
	"time"
	"unique"

	"github.com/google/uuid"

	"github.com/seed-438792ba/cascade/campaign"
)

// record is what the log keeps of one request. It is small, for there may be a
// million: words that repeat are kept once.
type record struct {
	seq        uint64
	at         int64 // microseconds of Unix time, at arrival
	took       uint32
	retryAfter uint32
	messageID  compactID
	lane       unique.Handle[lane]
	campaignID unique.Handle[string]
	masked     unique.Handle[string]
	to         fingerprint
	text       fingerprint
	callbacks  []callback
	content    *content // nil, unless content is kept
	status     uint16
	answer     Answer
	taken      bool
	open       uint16 // things still to come: the answer, news
	magic      uint8  // the last digits, if they meant something; else 0
}

// compactID is a message's id. A UUID in its usual form takes no room elsewhere.
type compactID struct {
	uuid  uuid.UUID // zero: other
	other string
}

func compact(id string) compactID {
	if u, err := uuid.Parse(id); err == nil && u != uuid.Nil && u.String() == id {
		return compactID{uuid: u}
	}
	return compactID{other: id}
}

func (c compactID) String() string {
	if c.uuid == uuid.Nil {
		return c.other
	}
	return c.uuid.String()
}

// lane is what provider, account and channel a request came for.
type lane struct {
	provider, account string
	channel           campaign.Channel
}

// content is what no log keeps unless it is told to.
type content struct {
	to   campaign.Destination
	says json.RawMessage
}

// callback is one try to tell the caller one thing.
type callback struct {
	at     int64 // microseconds of Unix time, when it was posted
	took   uint32
	status uint16 // the caller's answer; 0: none came
	kind   kind
	part   uint8
}

// Record is one request as the log tells it.
type Record struct {
	Seq             uint64           `json:"seq"`
	At              int64            `json:"at"`      // microseconds of Unix time, at arrival
	Took            uint32           `json:"took_us"` // until it was answered, or given up
	Provider        string           `json:"provider"`
	Account         string           `json:"account"` // its name, or a fingerprint of the credential
	Channel         campaign.Channel `json:"channel"`
	MessageID       string           `json:"message_id"`
	CampaignID      string           `json:"campaign_id"`
	Destination     string           `json:"destination"` // masked
	DestinationHash string           `json:"destination_hash"`
	Magic           string           `json:"magic,omitempty"` // the four digits, if they meant something
	ContentHash     string           `json:"content_hash"`
	Answer          Answer           `json:"answer"`
	Taken           bool             `json:"taken"`  // the person would get it
	Status          uint16           `json:"status"` // of the HTTP answer; 0: none was sent
	RetryAfter      uint32           `json:"retry_after,omitempty"`
	Callbacks       []Callback       `json:"callbacks"`
	FullDestination string           `json:"full_destination,omitempty"` // only if content is kept
	Content         json.RawMessage  `json:"content,omitempty"`          // only if content is kept
}

// Callback is one try to tell the caller one thing.
type Callback struct {
	At     int64  `json:"at"` // microseconds of Unix time, when it was posted
	Took   uint32 `json:"took_us"`
	Kind   string `json:"kind"` // sent, delivered, undeliverable, read, stop
	Part   uint8  `json:"part,omitempty"`
	Status uint16 `json:"status"` // of the caller's answer; 0: none came
}

func (r *record) view() Record {
	l := r.lane.Value()
	v := Record{
		Seq: r.seq, At: r.at, Took: r.took,
		Provider: l.provider, Account: l.account, Channel: l.channel,
		MessageID: r.messageID.String(), CampaignID: r.campaignID.Value(),
		Destination: r.masked.Value(), DestinationHash: r.to.String(), ContentHash: r.text.String(),
		Answer: r.answer, Taken: r.taken, Status: r.status, RetryAfter: r.retryAfter,
		Callbacks: make([]Callback, 0, len(r.callbacks)),
	}
	if r.magic > 0 {
		v.Magic = tricks[r.magic-1].Tail
	}
	if r.content != nil {
		v.FullDestination, v.Content = r.content.to.E164(), r.content.says
	}
	for _, c := range r.callbacks {
		v.Callbacks = append(v.Callbacks, Callback{At: c.at, Took: c.took, Kind: c.kind.String(), Part: c.part, Status: c.status})
	}
	return v
}

func micros(d time.Duration) uint32 { return uint32(min(max(d.Microseconds(), 0), 1<<32-1)) }
