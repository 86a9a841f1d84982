package infobip

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// answers is what each status obliges us to do; all are documented. 200 has no row: its
// body is read. After a 5xx the message may have been taken: nothing says "try later".
// 429 holds the lane, for the limits are published by endpoint.
var answers = provider.Answers{
	400: {Outcome: refused, Meaning: "Infobip finds a field of the request wrong", Mend: "compare the leg with the template at Infobip: name, language, number of parameters", Run: provider.Wrong},
	401: {Outcome: wrongAccount, Meaning: "the API key is not valid", Mend: "put a valid api_key into the account, restart, resume the lane", Run: provider.Wrong},
	403: {Outcome: wrongAccount, Meaning: "the API key may not do this", Mend: "give it the scope message:send at Infobip, then resume the lane", Run: provider.Wrong},
	404: {Outcome: wrongAccount, Meaning: "nothing is at this address", Mend: "check base_url: each Infobip account has one of its own", Run: provider.Wrong},
	429: {Outcome: throttled, Meaning: "too many requests", Mend: "it goes on by itself; lower the lane's limit if it happens often"},
	500: {Outcome: inDoubt, Meaning: "a fault at Infobip; whether it took the request is unknown", Mend: "nothing: the message waits for its report"},
	502: {Outcome: inDoubt, Meaning: "no answer from behind Infobip's gateway; whether the request was taken is unknown", Mend: "nothing: the message waits for its report"},
	503: {Outcome: inDoubt, Meaning: "Infobip is not available; whether it took the request is unknown", Mend: "nothing: the message waits for its report"},
	504: {Outcome: inDoubt, Meaning: "no answer from behind Infobip's gateway in time; whether the request was taken is unknown", Mend: "nothing: the message waits for its report"},
}

var inDoubt = provider.Outcome{Kind: provider.Unknown, Fault: true}

func outcome(x provider.Exchange, a campaign.Attempt, private []string) provider.Outcome {
	if x.Successful() {
		return judge(x, a, private)
	}
	var f failure
	_ = json.Unmarshal(x.Body, &f) // the status decides, the body only explains
	return answers.Outcome(x, provider.Reason(f.words(), private...))
}

// answer is the body of a 200: one message in a list, or for a free-form WhatsApp
// message that message alone.
type answer struct {
	result
	Messages []result `json:"messages"`
}

type result struct {
	report
	MessageID string `json:"messageId"`
	Details   struct {
		MessageCount int `json:"messageCount"`
	} `json:"details"` // SMS
}

// one is the result of the one message that was sent; ok is false if there are more, or none.
func (a answer) one() (r result, ok bool) {
	switch {
	case len(a.Messages) == 1:
		return a.Messages[0], true
	case len(a.Messages) == 0:
		return a.result, true
	}
	return result{}, false
}

// judge reads the message's status: a 200 can carry a refusal.
func judge(x provider.Exchange, a campaign.Attempt, private []string) provider.Outcome {
	var body answer
	if !x.Read(&body) {
		return x.Unreadable()
	}
	r, ok := body.one()
	if !ok {
		return x.Unreadable()
	}
	v, words, ok := r.verdict()
	if !ok {
		return x.Unreadable()
	}
	o := v.outcome
	if o.Kind == provider.Accepted {
		return r.accepted(o, a)
	}
	o.Reason = provider.Reason(words, private...)
	if o.Throttled {
		o.RetryAfter = x.RetryAfter
	}
	return o
}

func (r result) accepted(o provider.Outcome, a campaign.Attempt) provider.Outcome {
	o.ProviderID = provider.TheirID(r.MessageID, a.ID)
	if a.Channel == campaign.SMS {
		o.Parts = max(r.Details.MessageCount, 0)
	}
	return o
}

// failure is the body of any other status, in the older form (WhatsApp) or the newer
// one (RCS, SMS).
type failure struct {
	RequestError struct {
		ServiceException struct {
			Text             string              `json:"text"`
			ValidationErrors map[string][]string `json:"validationErrors"`
		} `json:"serviceException"`
	} `json:"requestError"`

	Description string `json:"description"`
	Violations  []struct {
		Property  string `json:"property"`
		Violation string `json:"violation"`
	} `json:"violations"`
}

// words prefers what names a field to what says that something is wrong.
func (f failure) words() string {
	e := f.RequestError.ServiceException
	for _, field := range slices.Sorted(maps.Keys(e.ValidationErrors)) {
		return field + ": " + strings.Join(e.ValidationErrors[field], ", ")
	}
	if len(f.Violations) > 0 {
		return f.Violations[0].Property + ": " + f.Violations[0].Violation
	}
	if e.Text != "" {
		return e.Text
	}
	return f.Description
}
