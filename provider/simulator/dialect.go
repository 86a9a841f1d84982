package simulator

import (
	"net/http"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// dialect is how one provider speaks. A new provider is one more of these, and its
// line in dialects.
type dialect interface {
	name() string
	// sends are the patterns, as of http.ServeMux, at which messages are handed over.
	sends() map[string]campaign.Channel
	// asks are the patterns at which the provider can be asked about a message.
	asks() map[string]question
	// credential is what the request proves its account with; "" if it brings nothing.
	credential(r *http.Request) string
	// read says what a request asks for, and everything that is wrong with it. What
	// could be read is told in either case, for the log.
	read(ch campaign.Channel, body []byte) (message, []string)
	answer(m message, v verdict) reply
	// callback is how news about a message is reported; at is when it happened.
	callback(m message, n news, at time.Time) letter
}

func dialects() []dialect { return []dialect{qlara{}} }

// message is what one request asked to be sent.
type message struct {
	id         string // the caller's own, which receipts carry back
	campaignID string
	channel    campaign.Channel
	to         campaign.Destination
	content    []byte // what it says, as JSON with sorted keys; equal content, equal bytes
	parts      int    // of an SMS, once its placeholders are filled
	unicode    bool   // the SMS does not fit the GSM alphabet
	dryRun     bool   // to be checked, not sent
	quiet      bool   // no receipts are wanted
	notBefore  time.Time
	also       []campaign.Channel // of the provider's own fallback
}

// verdict is what was decided about one request.
type verdict struct {
	answer  Answer
	taken   bool          // the person would get it
	reasons []string      // malformed, refused
	status  int           // malformed: the HTTP status that says how
	wait    time.Duration // throttled
	outage  bool          // unavailable, and not because of this message
	cut     bool          // the connection breaks instead of an answer
	fate    fate          // taken
}

// reply is an HTTP answer.
type reply struct {
	status     int
	retryAfter time.Duration // for the header; in whole seconds
	body       []byte        // JSON
}

// letter is a callback, ready to be posted.
type letter struct {
	contentType string
	body        []byte
	mustAnswer  string // what the answer's body has to be; "": anything
}

// question answers what a caller asks about a message.
type question func(r *http.Request, known func(campaign.Channel, string) state) reply
