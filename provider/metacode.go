package provider

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// MetaCode is what one error code of Meta's WhatsApp platform means, whichever provider
// passes it on. The codes and their meanings are Meta's; what each obliges us to do is
// this project's choice, the stricter one where published clients differ. Its Outcome
// has a Reason that a person can act on.
type MetaCode struct {
	Number int
	Code
}

// LookUpMeta finds a code. One that nobody described is not found, and is no more than
// what its HTTP status says.
func LookUpMeta(code int) (MetaCode, bool) {
	row := code
	if code >= 200 && code < 300 { // Meta describes the range as one
		row = 200
	}
	for _, r := range metaCodes {
		if slices.Contains(r.codes, row) {
			return r.of(code), true
		}
	}
	return MetaCode{}, false
}

// sixDigits are the codes of the WhatsApp platform itself, as in "(#131056)". Shorter
// ones are not looked for in words: they could be anything.
var sixDigits = regexp.MustCompile(`\b13[0-5]\d{3}\b`)

// FindMeta finds the first code that is described somewhere in a provider's words.
func FindMeta(words string) (MetaCode, bool) {
	for _, word := range sixDigits.FindAllString(words, -1) {
		code, err := strconv.Atoi(word)
		if err != nil {
			continue
		}
		if found, known := LookUpMeta(code); known {
			return found, true
		}
	}
	return MetaCode{}, false
}

// ExplainMeta finds the code that a reason begins with, as MetaCode writes them: "meta
// 131026".
func ExplainMeta(reason string) (Code, bool) {
	number, found := numbered(reason, "meta ")
	if !found {
		return Code{}, false
	}
	code, known := LookUpMeta(number)
	return code.Code, known
}

type metaRow struct {
	codes         []int
	means         Outcome
	meaning, mend string
	run           Run
}

func (r metaRow) of(number int) MetaCode {
	o := r.means
	o.Reason = fmt.Sprintf("meta %d: %s", number, r.meaning)
	if o.Kind == Misconfigured {
		o.Reason += ": " + r.mend
	}
	return MetaCode{number, Code{o, r.meaning, r.mend, r.run}}
}

var (
	accountWrong = Outcome{Kind: Misconfigured, Scope: AccountScope}
	laneWrong    = Outcome{Kind: Misconfigured, Scope: LaneScope}
	notThisOne   = Outcome{Kind: Refused}
)

// metaCodes are all codes that say something about a send. 133016 is not among them:
// it is about registering a number. The pair rate (131056) and media (131052, 131053)
// are Unavailable and no fault of the lane: the same attempt is tried a few times more,
// at growing distances, and then refused; nobody else waits for it.
var metaCodes = []metaRow{
	{[]int{0, 102, 190}, accountWrong, "access token invalid or expired", "have a new one issued", Wrong},
	{[]int{3, 10, 200, 131005}, accountWrong, "permission missing", "have it granted to the app", Wrong},
	{[]int{33, 133010, 133015, 131045}, laneWrong, "sender not registered", "register the number", Wrong},
	{[]int{368, 131031}, laneWrong, "account restricted or locked", "appeal in Meta's manager", Wrong},
	{[]int{131042}, laneWrong, "payment problem", "settle it in Meta's billing", Wrong},
	{[]int{131037}, laneWrong, "display name not approved", "have it approved", Wrong},
	{[]int{131048}, laneWrong, "too many were reported as spam", "wait, mend the quality", Wrong},
	{[]int{132000}, laneWrong, "wrong number of parameters", "count the template's", Wrong},
	{[]int{132001}, laneWrong, "no such template", "check name and language", Wrong},
	{[]int{132007}, laneWrong, "template against policy", "mend it, submit it again", Wrong},
	{[]int{132015, 132016}, laneWrong, "template paused or disabled", "mend it or use another", Wrong},
	{[]int{100, 131008, 131051, 135000}, laneWrong, "request wrong", "it will be wrong for all: see the leg", Wrong},

	{[]int{1, 2, 131000, 131016, 133004}, Outcome{Kind: Unavailable, Fault: true}, "temporary failure at Meta", "nothing: it is tried again, five times in all", Personal},
	{[]int{131052, 131053}, Outcome{Kind: Unavailable}, "media could not be fetched", "see whether the address of the picture, film or document answers from outside", Wrong},
	{[]int{131056}, Outcome{Kind: Unavailable}, "too many messages to this person", "nothing: it is tried again, later each time; do several campaigns write to the same people at once?", Personal},
	{[]int{4, 80007}, Outcome{Kind: Postponed, Throttled: true, Scope: AccountScope}, "too many calls of the account", "nothing: it goes on by itself", Personal},
	{[]int{130429}, Outcome{Kind: Postponed, Throttled: true}, "too many messages of this sender", "it goes on by itself; lower the lane's limit if it happens often", Personal},
	{[]int{131057}, Outcome{Kind: Postponed, Throttled: true, RetryAfter: time.Minute}, "sender under maintenance", "nothing: it goes on by itself within minutes", Personal},

	{[]int{131050}, Outcome{Kind: OptedOut}, "the person stopped marketing messages", "nothing: the person is suppressed", Personal},
	{[]int{131021}, Outcome{Kind: Invalid}, "the recipient is the sender", "take the number off the list", Personal},
	{[]int{131026}, notThisOne, "cannot be delivered to this person", "nothing: the number is not on WhatsApp, or its app is old or long offline", Personal},
	{[]int{131047}, notThisOne, "the 24 h window is closed", "give the leg a template: only who wrote within 24 hours may get anything else", Personal},
	{[]int{131049}, notThisOne, "the person got enough marketing", "nothing for at least 24 h: Meta limits what all businesses together send to one person", Personal},
	{[]int{130472}, notThisOne, "the person is in an experiment of Meta's", "nothing: WhatsApp will not deliver marketing to them", Personal},
	{[]int{131009, 132012}, notThisOne, "a value is not valid", "compare the row's values with the template: none empty, no line breaks", Wrong},
	{[]int{132005}, notThisOne, "the filled text is too long", "shorten the row's values, or the template", Personal},
}
