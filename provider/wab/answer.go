package wab

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// answers is what each status obliges us to do; a 2xx is read further. 401 is
// documented, for credentials and addresses that are not allowed, and so are 400 and
// 422 by examples of their bodies. That 403 and 404 are about the account is assumed.
// No row says "try later": what a 5xx means is documented nowhere.
var answers = provider.Answers{
	400: {Outcome: refused, Meaning: "the gateway, or Meta behind it, refuses the request", Mend: "compare the leg with the template: name, language, number of parameters", Run: provider.Wrong},
	401: {Outcome: wrongAccount, Meaning: "the name and password are not valid, or our address is not on the account's list", Mend: "check username and password, and have this machine's address allowed", Run: provider.Wrong},
	403: {Outcome: wrongAccount, Meaning: "the account may not do this", Mend: "ask the gateway's support", Run: provider.Wrong},
	404: {Outcome: wrongAccount, Meaning: "nothing is at this address", Mend: "check base_url: each customer of the gateway has one of its own", Run: provider.Wrong},
	422: {Outcome: refused, Meaning: "the gateway finds a field of the request wrong", Mend: "compare the leg with the template, and check the account's source", Run: provider.Wrong},
}

// What a row of the tables can oblige us to.
var (
	refused      = provider.Outcome{Kind: provider.Refused}
	wrongLane    = provider.Outcome{Kind: provider.Misconfigured, Scope: provider.LaneScope}
	wrongAccount = provider.Outcome{Kind: provider.Misconfigured, Scope: provider.AccountScope}
)

// smsErrors are what the SMS API's documented error codes oblige us to do, whatever the
// status, which is documented for wrong schedules only. That send_failed may be tried
// again is assumed. broadcast_limit is not here: one recipient is no broadcast.
var smsErrors = map[string]provider.Code{
	"send_failed":    {Outcome: provider.Outcome{Kind: provider.Unavailable, Fault: true}, Meaning: "the gateway could not queue it", Mend: "nothing: it is tried again, five times in all"},
	"invalid_json":   {Outcome: wrongLane, Meaning: "the gateway cannot read the request", Mend: "check base_url: it may lead to another API", Run: provider.Wrong},
	"missing_attrib": {Outcome: wrongLane, Meaning: "the gateway misses a field of the request", Mend: "check the account's source", Run: provider.Wrong},
	"invalid_attrib": {Outcome: provider.Outcome{Kind: provider.Invalid}, Meaning: "a value is not valid: the number, most likely", Mend: "correct the number in the file's source"},
}

func outcome(x provider.Exchange, a campaign.Attempt, private []string) provider.Outcome {
	switch {
	case !x.Successful():
		return failed(x, a, private)
	case x.Err != nil:
		return x.Unreadable()
	case a.Channel == campaign.SMS:
		return judgeSMS(x)
	}
	return judgeWhatsApp(x, private)
}

// judgeWhatsApp reads the answer to one recipient, a list of one (documented). That
// another status than accepted is a no is assumed.
func judgeWhatsApp(x provider.Exchange, private []string) provider.Outcome {
	var messages []struct {
		ID     provider.Word `json:"id"`
		Status provider.Word `json:"status"`
	}
	if json.Unmarshal(x.Body, &messages) != nil || len(messages) == 0 || messages[0].Status == "" {
		return x.Unreadable()
	}
	if m := messages[0]; !strings.EqualFold(string(m.Status), "accepted") {
		return provider.Outcome{Kind: provider.Refused, Reason: provider.Reason("status "+string(m.Status), private...)}
	}
	return accepted(messages[0].ID)
}

// judgeSMS reads a list of one id.
func judgeSMS(x provider.Exchange) provider.Outcome {
	var ids []provider.Word
	if json.Unmarshal(x.Body, &ids) != nil || len(ids) == 0 || ids[0] == "" {
		return x.Unreadable()
	}
	return accepted(ids[0])
}

func accepted(id provider.Word) provider.Outcome {
	return provider.Outcome{Kind: provider.Accepted, ProviderID: provider.ID(string(id))}
}

// failure is the body of any status that is no 2xx, of both APIs.
type failure struct {
	Error       provider.Word `json:"error"`
	Message     provider.Word `json:"message"`
	Description provider.Word `json:"error-desc"` // SMS
	Errors      []struct {    // 422
		Field       provider.Word `json:"field"`
		Code        provider.Word `json:"code"`
		Description provider.Word `json:"description"`
	} `json:"errors"`
}

// failed judges by the status, and by a code where the body has one that says more.
func failed(x provider.Exchange, a campaign.Attempt, private []string) provider.Outcome {
	var f failure
	_ = json.Unmarshal(x.Body, &f) // the status decides, the body only explains
	o := answers.Outcome(x, provider.Reason(f.words(), private...))
	if code, found := smsErrors[string(f.Error)]; found && a.Channel == campaign.SMS && leavesOpen(x.Status) {
		means := code.Outcome
		means.Reason = o.Reason
		return means
	}
	// Meta's error comes in the words of a 400 (documented); those of a 422 are read as well.
	if code, found := provider.FindMeta(f.all()); found && a.Channel == campaign.WhatsApp && o.Kind == provider.Refused {
		if code.Outcome.Throttled && x.RetryAfter > code.Outcome.RetryAfter {
			code.Outcome.RetryAfter = x.RetryAfter
		}
		return code.Outcome
	}
	return o
}

// leavesOpen says whether a status leaves it to the body what it means.
func leavesOpen(status int) bool {
	return status == 400 || status == 422 || status >= 500
}

// words is the explanation in one line.
func (f failure) words() string {
	words := provider.FirstWord(f.Message, f.Description, f.Error)
	if words == "" && len(f.Errors) > 0 {
		e := f.Errors[0]
		words = strings.Trim(fmt.Sprintf("%s: %s", e.Field, provider.FirstWord(e.Description, e.Code)), ": ")
	}
	return words
}

// all is everything in which a code may stand.
func (f failure) all() string {
	said := []provider.Word{f.Error, f.Message, f.Description}
	for _, e := range f.Errors {
		said = append(said, e.Code, e.Description)
	}
	var b strings.Builder
	for _, word := range said {
		b.WriteString(string(word) + "\n")
	}
	return b.String()
}
