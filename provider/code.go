package provider

import (
	"strconv"
	"strings"
)

// Code is one code of a provider: what it obliges us to do, and what people are told of
// it. Each adapter keeps its codes in tables beside the code that reads them; this is
// the form of their rows.
type Code struct {
	Outcome Outcome // kind, scope and flags
	Meaning string  // what happened
	Mend    string  // what a person should do about it, or what happens by itself
	Run     Run     // what it says when many have it
}

// Run is what it says of the configuration that one attempt after the other ends with
// the same code. How many it takes, Runs says.
type Run uint8

// The runs.
const (
	Personal Run = iota // nothing: it speaks of a person
	Wrong               // the template, the sender or the account is at fault, not the people
	Suspect             // it can be either: only a very long run without anything else tells
)

// Explainer finds what a reason means that an adapter gave, and what to do about it.
type Explainer interface {
	Explain(reason string) (Code, bool)
}

// Explain finds what a reason means, as it stands in a record: it asks each table in
// turn, and last the reasons that are Cascade's own. A reason in a provider's free words
// is not found.
func Explain(reason string, tables ...func(reason string) (Code, bool)) (Code, bool) {
	for _, find := range tables {
		if c, found := find(reason); found {
			return c, true
		}
	}
	c, found := ours[reason]
	return c, found
}

// ReasonWindowClosed is why a free-form message was not sent over WhatsApp.
const ReasonWindowClosed = "window_closed"

// ReasonIncapable is why nothing was sent to somebody of whom the provider says, asked
// before, that the channel does not reach them.
const ReasonIncapable = "not_capable"

// ReasonFrequency is why a message was not sent to somebody who has had enough of them.
const ReasonFrequency = "frequency_cap"

// ReasonReached is why a message was not sent to somebody whom another campaign has reached.
const ReasonReached = "reached"

// ours are reasons that no provider gave.
var ours = map[string]Code{
	ReasonFrequency: {Outcome{Kind: Invalid}, "the person has had as many messages as the campaign's frequency allows, over all campaigns that have one",
		"nothing, or retry for this reason later", Personal},
	ReasonReached: {Outcome{Kind: Invalid}, "a campaign of exclude_reached has reached this person", "nothing: this is what the campaign wants", Personal},
	ReasonWindowClosed: {Outcome{Kind: Refused}, "the person has not written over WhatsApp within the last 24 hours, and only then may they get anything but a template",
		"to reach everybody, give the leg a template", Personal},
	ReasonIncapable: {Outcome{Kind: Refused}, "the provider says that the channel does not reach the person, so nothing was sent", "nothing: the next leg was tried", Personal},
	"opted out":     {Outcome{Kind: OptedOut}, "the person asked to get no more messages", "nothing: the person is suppressed on all channels", Personal},
	"message cannot be built": {Outcome{Kind: Invalid}, "the person's values do not fill the leg's content",
		"compare the leg's placeholders with the columns of the file; the log names the one that lacks", Personal},
	"timed_out": {Outcome{}, "no receipt said within the leg's wait that it was delivered",
		"nothing if it is a few: the phone was off. If it is nearly all, see whether the provider's callbacks reach /callbacks", Personal},
	ErrContent.Error(): {Outcome{Kind: Misconfigured, Scope: LaneScope}, "the leg has a content that this provider cannot send on this channel",
		"change the leg, or send it over another account", Wrong},
}

// Explain finds what an HTTP status means, of a reason as Outcome writes them: "http 401"
// and then perhaps the provider's words.
func (t Answers) Explain(reason string) (Code, bool) {
	status, found := numbered(reason, "http ")
	if !found {
		return Code{}, false
	}
	return t.code(status), true
}

// numbered reads the number behind a word with which a reason begins: "http 401: no".
func numbered(reason, word string) (int, bool) {
	rest, found := strings.CutPrefix(reason, word)
	if !found {
		return 0, false
	}
	digits, _, _ := strings.Cut(rest, ":")
	n, err := strconv.Atoi(digits)
	return n, err == nil
}
