package kaleyra

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// answers is what each status obliges us to do; a 2xx is read further, and so is what
// decides leaves open. Kaleyra documents its yes and three codes; a 400 was seen by a
// published client. All else is assumed: that 500 and 503 mean "try later", that 401,
// 403 and 404 are about the account (its SID is in the address), that the limit behind
// a 429 is the lane's.
var answers = provider.Answers{
	400: {Outcome: refused, Meaning: "Kaleyra finds a field of the request wrong", Mend: "compare the leg with the template at Kaleyra: name, language, number of parameters", Run: provider.Wrong},
	401: {Outcome: wrongAccount, Meaning: "the API key is not valid", Mend: "put a valid api_key into the account, restart, resume the lane", Run: provider.Wrong},
	403: {Outcome: wrongAccount, Meaning: "the API key may not do this", Mend: "have it allowed at Kaleyra, then resume the lane", Run: provider.Wrong},
	404: {Outcome: wrongAccount, Meaning: "nothing is at this address", Mend: "check the account's sid and base_url", Run: provider.Wrong},
	500: {Outcome: unavailable, Meaning: "a fault at Kaleyra", Mend: "nothing: it is tried again, five times in all"},
	503: {Outcome: unavailable, Meaning: "Kaleyra is not available", Mend: "nothing: it is tried again, five times in all"},
}

// What a row of the tables can oblige us to.
var (
	refused      = provider.Outcome{Kind: provider.Refused}
	optedOut     = provider.Outcome{Kind: provider.OptedOut}
	unavailable  = provider.Outcome{Kind: provider.Unavailable, Fault: true}
	wrongLane    = provider.Outcome{Kind: provider.Misconfigured, Scope: provider.LaneScope}
	wrongAccount = provider.Outcome{Kind: provider.Misconfigured, Scope: provider.AccountScope}
)

// decides says whether no code in the body can change what the status means. With
// which status the codes come is not documented.
func decides(status int) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusTooManyRequests:
		return true
	}
	return status < 400 || status >= 500
}

func outcome(x provider.Exchange, a campaign.Attempt, private []string) provider.Outcome {
	if x.Successful() {
		return judge(x, a, private)
	}
	o := objectionOf(x.Body)
	said := answers.Outcome(x, provider.Reason(o.words(), private...))
	if decides(x.Status) {
		return said
	}
	if s, found := o.signal(); found {
		refused := s.refusal(a)
		refused.Reason = said.Reason
		if s.says != "" {
			refused.Reason = fmt.Sprintf("http %d: %s", x.Status, s.says)
		}
		return refused
	}
	return said
}

// answer is the body of a 2xx, documented for WhatsApp. For SMS and RCS it is assumed.
type answer struct {
	ID   provider.Word `json:"id"` // of the request
	Data []struct {
		MessageID provider.Word `json:"message_id"` // of the message, as statuses name it
	} `json:"data"`
	Error json.RawMessage `json:"error"` // documented: {} where all is well
}

// judge reads a 2xx. That an error or an empty list in it means no is assumed.
func judge(x provider.Exchange, a campaign.Attempt, private []string) provider.Outcome {
	var body answer
	err := json.Unmarshal(x.Body, &body)
	if broken := (*json.SyntaxError)(nil); x.Err != nil || errors.As(err, &broken) {
		return x.Unreadable()
	}
	if o := (objection{errorField: body.Error, text: string(body.Error)}); !o.empty() {
		return o.refusal(a, private)
	}
	switch {
	case err != nil || string(x.Body) == "null":
		return x.Unreadable()
	case len(body.Data) > 0 && body.Data[0].MessageID != "":
		return accepted(body.Data[0].MessageID)
	case body.Data != nil && len(body.Data) == 0:
		return provider.Outcome{Kind: provider.Refused, Reason: "the answer holds no message"}
	case a.Channel == campaign.RCS: // a yes in a form that is not published is a yes
		return accepted(body.ID)
	}
	return x.Unreadable()
}

func accepted(id provider.Word) provider.Outcome {
	return provider.Outcome{Kind: provider.Accepted, ProviderID: provider.ID(string(id))}
}
