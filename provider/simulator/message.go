package simulator

import (
	"encoding/json"
	"net/url"
	"time"

	"github.com/google/uuid"

	"github.com/seed-438792ba/cascade/campaign"
)

// message is what one request asked to be sent.
type message struct {
	id         string // the caller's own; one is made if it gave none
	given      string // the provider's own
	campaignID string // "": the provider was not told
	channel    campaign.Channel
	from       string // the sender, as the request names it
	to         campaign.Destination
	content    []byte // what it says, as JSON with sorted keys; equal content, equal bytes
	parts      int    // of an SMS, once its placeholders are filled
	unicode    bool   // the SMS does not fit the GSM alphabet
	at         time.Time
	notBefore  time.Time
	also       []link // the provider's own fallback

	dryRun  bool   // to be checked, not sent
	refused string // why it is not taken, though it is well formed
	once    bool   // an id that was taken before is refused

	way      string // how it came, where that changes how it is spoken of
	echo     string // what its receipts carry back
	receipts string // where its receipts are wanted; "": where the account's go
	seen     string // where it is wanted that it was read; "": where its receipts go
	quiet    bool   // no receipts are wanted
	steps    bool   // it is reported that it left
	reads    bool   // it is reported that it was read
	eachPart bool   // each part of an SMS is reported
}

// reported is how many receipts say what became of the message.
func (m message) reported() int {
	if m.eachPart {
		return m.parts
	}
	return 1
}

// verdict is what was decided about one request.
type verdict struct {
	answer  Answer
	taken   bool          // the person would get it
	ignored bool          // a duplicate: answered as the first was, and not sent
	reasons []string      // malformed, refused
	status  int           // malformed: the HTTP status that says how
	wait    time.Duration // throttled
	outage  bool          // unavailable, and not because of this message
	cut     bool          // the connection breaks instead of an answer
	gateway int           // the HTTP status that a gateway gives in place of an answer; 0: none does
	fate    fate          // taken
}

// yes says whether the answer is that the message was taken.
func (v verdict) yes() bool {
	return v.answer == TakenAsNew || v.answer == DryRun || v.answer == Duplicate && (v.taken || v.ignored)
}

// usedBefore is what is said of an id that was taken before, and is refused. But for an
// SMS of Infobip's nobody documents such words.
const usedBefore = "this id was used before"

// reply is an HTTP answer.
type reply struct {
	status     int
	retryAfter time.Duration // for the header; in whole seconds
	body       []byte        // JSON
}

// letter is a callback, ready to be sent: a GET if it has a query, else a POST.
type letter struct {
	to          string // where the message itself wanted it; "": it did not say
	query       url.Values
	contentType string
	body        []byte
	mustAnswer  string // what the answer's body has to be; "": anything
}

func asJSON(body map[string]any) letter {
	return letter{contentType: jsonMedia, body: encode(body)}
}

func asForm(fields url.Values) letter {
	return letter{contentType: formMedia, body: []byte(fields.Encode())}
}

// likeness is the id of a message that came without one, where the provider has none
// of the caller's: the same words to the same number are the same message.
func likeness(m message) string {
	return uuid.NewSHA1(uuid.NameSpaceURL, append([]byte(m.channel.String()+m.to.E164()), m.content...)).String()
}

// encode writes what this package made itself, or decoded from JSON, which always can
// be written.
func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("simulator: " + err.Error())
	}
	return b
}

// only keeps the members of these names.
func only(o map[string]any, names ...string) map[string]any {
	out := map[string]any{}
	for _, name := range names {
		if v, there := o[name]; there {
			out[name] = v
		}
	}
	return out
}
