package qlara

import (
	"cmp"
	"encoding/json"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// answers is what each status obliges us to do. 200 has no row: its body is read.
// 408, 413 and 415 are documented for another product of the same company, 402 as a
// result code of the same; 409 nowhere, but it can only mean that the id was seen.
// All others are Qlara's own. Whether the limit behind 429 is the key's or the
// endpoint's is not stated: holding the lane is enough, another lane gets its own.
var answers = provider.Answers{
	400: {Outcome: refused, Meaning: "Qlara cannot read the request, or a field of it is wrong", Mend: "compare the leg with the template at Qlara: its number, its placeholders, its media", Run: provider.Wrong},
	401: {Outcome: wrongAccount, Meaning: "the API key is not valid", Mend: "put a valid api_key into the account, restart, resume the lane", Run: provider.Wrong},
	402: {Outcome: wrongAccount, Meaning: "the account has no credit left", Mend: "top it up at Qlara, then resume the lane", Run: provider.Wrong},
	403: {Outcome: wrongAccount, Meaning: "our address is not allowed, or a sender or template is not this account's", Mend: "have the address allowed at Qlara, and check phone_number_id, agent_id and the template's number", Run: provider.Wrong},
	404: {Outcome: wrongLane, Meaning: "the template or the sender does not exist", Mend: "check the leg's template.id, and phone_number_id or agent_id of the account", Run: provider.Wrong},
	408: {Outcome: unavailable, Meaning: "Qlara waited too long for the request", Mend: "nothing: it is tried again"},
	409: {Outcome: provider.Outcome{Kind: provider.Unknown}, Meaning: "Qlara has seen this message's id before", Mend: "nothing: the earlier request counts, and its receipt tells"},
	413: {Outcome: refused, Meaning: "the request is too large", Mend: "shorten the text", Run: provider.Wrong},
	415: {Outcome: wrongAccount, Meaning: "Qlara does not take requests of this form", Mend: "check base_url: it may lead to another API", Run: provider.Wrong},
	422: {Outcome: refused, Meaning: "Qlara understood the request and does not carry it out: the template is not approved, or the 24 h window is closed", Mend: "look at the template's status at Qlara", Run: provider.Wrong},
	429: {Outcome: provider.Outcome{Kind: provider.Postponed, Throttled: true, Scope: provider.LaneScope}, Meaning: "too many requests", Mend: "it goes on by itself; lower the lane's limit if it happens often"},
	500: {Outcome: unavailable, Meaning: "a fault at Qlara", Mend: "nothing: it is tried again, five times in all"},
	502: {Outcome: inDoubt, Meaning: "no answer from behind Qlara's gateway; whether the request was taken is unknown", Mend: "nothing: the message waits for its receipt"},
	503: {Outcome: unavailable, Meaning: "Qlara asks to try later", Mend: "nothing: it is tried again, five times in all"},
	504: {Outcome: inDoubt, Meaning: "no answer from behind Qlara's gateway in time; whether the request was taken is unknown", Mend: "nothing: the message waits for its receipt"},
}

// What a row of the tables can oblige us to.
var (
	refused      = provider.Outcome{Kind: provider.Refused}
	unavailable  = provider.Outcome{Kind: provider.Unavailable, Fault: true}
	inDoubt      = provider.Outcome{Kind: provider.Unknown, Fault: true}
	wrongLane    = provider.Outcome{Kind: provider.Misconfigured, Scope: provider.LaneScope}
	wrongAccount = provider.Outcome{Kind: provider.Misconfigured, Scope: provider.AccountScope}
)

// answer is the body of a 200. Every channel's result is null but the one we used.
type answer struct {
	MessageID string             `json:"messageId"`
	Results   map[string]*result `json:"results"`
}

type result struct {
	// Accepted is for sending; delivery is another matter. It is raw because encoding/json
	// would read a value of the wrong type as false.
	Accepted json.RawMessage `json:"accepted"`
	Parts    int             `json:"parts"`   // SMS
	Reasons  []string        `json:"reasons"` // documented for RCS and SMS, assumed for WhatsApp
}

// failure is the body of any other status.
type failure struct {
	Error      string          `json:"error"`
	Message    string          `json:"message"`
	RetryAfter json.RawMessage `json:"retryAfter"` // seconds
}

func outcome(x provider.Exchange, a campaign.Attempt, private []string) provider.Outcome {
	if x.Successful() {
		return judge(x, a, private)
	}
	return failed(x, private)
}

// failed judges an exchange that is no success.
func failed(x provider.Exchange, private []string) provider.Outcome {
	var f failure
	_ = json.Unmarshal(x.Body, &f) // the status decides, the body only explains
	if asked := provider.Seconds(strings.Trim(string(f.RetryAfter), `"`)); asked > x.RetryAfter {
		x.RetryAfter = asked
	}
	return answers.Outcome(x, provider.Reason(cmp.Or(f.Message, f.Error), private...))
}

// judge reads the yes or no of the attempt's channel. Only a plain one counts.
func judge(x provider.Exchange, a campaign.Attempt, private []string) provider.Outcome {
	var body answer
	if !x.Read(&body) {
		return x.Unreadable()
	}
	if len(a.Chain) > 0 {
		return judgeChain(x, a, body, private)
	}
	r := body.Results[a.Channel.String()]
	if r == nil {
		return x.Unreadable()
	}
	switch string(r.Accepted) {
	case "true":
		return provider.Outcome{Kind: provider.Accepted, Parts: max(r.Parts, 0), ProviderID: provider.TheirID(body.MessageID, a.ID)}
	case "false":
		return refusal(r.Reasons, private)
	}
	return x.Unreadable()
}
