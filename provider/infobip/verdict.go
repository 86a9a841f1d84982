package infobip

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// report is what Infobip says of a message, in answers and in delivery reports. That
// answers bear an error as well is what its registry says; no documented answer does.
type report struct {
	Status *coded `json:"status"`
	Error  *coded `json:"error"`
}

// coded is a status or an error. Its numbers are words because encoding/json would read
// a value of the wrong type as 0, which is a group that says yes.
type coded struct {
	GroupID     provider.Word `json:"groupId"`
	ID          provider.Word `json:"id"`
	Name        provider.Word `json:"name"`
	Description provider.Word `json:"description"`
}

// own is what the provider itself says of it.
func (c coded) own(what string) string {
	return strings.TrimRight(fmt.Sprintf("%s %s %s: %s", what, c.ID, c.Name, c.Description), ": ")
}

// code is the verdict as people are told of it.
func (v verdict) code() provider.Code {
	return provider.Code{Outcome: v.outcome, Meaning: v.meaning, Mend: v.mend, Run: v.run}
}

// number is -1, which nothing is, for what is no number.
func number(w provider.Word) int {
	n, err := strconv.Atoi(string(w))
	if err != nil {
		return -1
	}
	return n
}

// verdict is what a status or an error means to us.
type verdict struct {
	name    string               // in the provider's registry
	receipt campaign.ReceiptKind // of a status, in a report
	outcome provider.Outcome     // in an answer: its kind, scope and flags
	vague   bool                 // of a status: why, only an error beside it can say
	meaning string
	mend    string // what an operator does; "" if there is nothing to do or to know
	run     provider.Run
}

// words is what people read in the message's story.
func (v verdict) words(what string, id int) string {
	if v.mend == "" {
		return ""
	}
	return fmt.Sprintf("%s %d %s: %s", what, id, v.meaning, v.mend)
}

// verdict looks the status up by its id and else by its group, and beside a status that
// is not good the error. ok is false for a group that nobody defined, and for none. A
// pending status with an error is pending: the provider tries on by another way.
func (r report) verdict() (v verdict, words string, ok bool) {
	s := r.Status
	if s == nil {
		return v, "", false
	}
	group, id := number(s.GroupID), number(s.ID)
	v, ok = statuses[code{group, id}]
	words = v.words("status", id)
	if !ok {
		if v, ok = groups[group]; ok && v.outcome.Kind != provider.Accepted {
			words = s.own("status")
		}
	}
	if v.outcome.Kind == provider.Accepted || r.Error == nil || number(r.Error.ID) < 1 {
		return v, words, ok
	}
	v, words = v.because(*r.Error, words)
	return v, words, ok
}

// because lets the error beside a status say more than the status does.
func (v verdict) because(e coded, words string) (verdict, string) {
	id := number(e.ID)
	known, listed := errorCodes[id]
	switch {
	case listed && (e.Name == "" || strings.EqualFold(string(e.Name), known.name)):
		if v.outcome = known.outcome; v.outcome.Kind == provider.Accepted {
			v.receipt = campaign.ReceiptAccepted
		}
		return v, known.words("error", id)
	case v.vague:
		return v, e.own("error")
	}
	return v, words
}

// What an outcome in the tables can be.
var (
	accepted     = provider.Outcome{Kind: provider.Accepted}
	throttled    = provider.Outcome{Kind: provider.Postponed, Throttled: true, Scope: provider.LaneScope}
	unavailable  = provider.Outcome{Kind: provider.Unavailable, Fault: true}
	unknown      = provider.Outcome{Kind: provider.Unknown}
	refused      = provider.Outcome{Kind: provider.Refused}
	invalid      = provider.Outcome{Kind: provider.Invalid}
	optedOut     = provider.Outcome{Kind: provider.OptedOut}
	wrongLane    = provider.Outcome{Kind: provider.Misconfigured, Scope: provider.LaneScope}
	wrongAccount = provider.Outcome{Kind: provider.Misconfigured, Scope: provider.AccountScope}
)
