package simulator

import (
	"net/http"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// dialect is how one provider speaks. A new provider is one more of these, and its
// line in dialects.
type dialect interface {
	// card says who the provider is, and how to come in.
	card() Provider
	// desks are where messages are handed over, by patterns as of http.ServeMux.
	desks() map[string]desk
	// asks are the patterns at which the provider can be asked about a message.
	asks() map[string]question
	// credential is what the request proves its account with; "" if it brings nothing.
	credential(r *http.Request) string
	answer(m message, v verdict) reply
	// callback is how news about a message is reported; at is when it happened.
	callback(m message, n news, at time.Time) letter
}

func dialects() []dialect { return []dialect{qlara{}, infobip{}, kaleyra{}, wab{}} }

// Provider is one of those that a Simulator plays.
type Provider struct {
	Name   string   // by which an account names it
	Title  string   // by which people know it
	Base   string   // what follows the simulator's address in an account's base_url
	Access string   // whom it lets in, unless Options.Accounts says
	Signs  []string // what its callbacks can bear, as it documents: basic, header, hmac
}

// Providers lists those that are played.
func Providers() []Provider {
	var out []Provider
	for _, d := range dialects() {
		out = append(out, d.card())
	}
	return out
}

// desk takes one channel's messages, in one form.
type desk struct {
	channel campaign.Channel
	media   string // type of the content that it wants
	// read says what a request asks for, and everything that is wrong with it. What
	// could be read is told in either case, for the log.
	read func(body []byte) (message, []string)
}

// question answers what a caller asks about a message.
type question func(r *http.Request, known func(campaign.Channel, string) state) reply
