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
	400: {Kind: provider.Refused},
	401: {Kind: provider.Misconfigured, Scope: provider.AccountScope}, // bad credentials
	402: {Kind: provider.Misconfigured, Scope: provider.AccountScope}, // no credit
	403: {Kind: provider.Misconfigured, Scope: provider.AccountScope}, // our address is not allowed, or a resource is not ours
	404: {Kind: provider.Misconfigured, Scope: provider.LaneScope},    // template or sender missing
	408: {Kind: provider.Unavailable, Fault: true},
	409: {Kind: provider.Unknown},
	413: {Kind: provider.Refused},
	415: {Kind: provider.Misconfigured, Scope: provider.AccountScope}, // our requests are wrong altogether
	422: {Kind: provider.Refused},                                     // template not approved, window closed
	429: {Kind: provider.Postponed, Throttled: true, Scope: provider.LaneScope},
	500: {Kind: provider.Unavailable, Fault: true},
	502: {Kind: provider.Unknown, Fault: true},
	503: {Kind: provider.Unavailable, Fault: true},
	504: {Kind: provider.Unknown, Fault: true},
}

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
