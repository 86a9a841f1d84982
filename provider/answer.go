package provider

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
)

// Answers is an adapter's table: what each HTTP status that its provider documents
// obliges us to do, and what people are told of it. A status that the adapter reads
// further, as 200, has no row.
type Answers map[int]Code

// Outcome judges an exchange by its table row, and where no row speaks, by what holds
// for every provider:
//
//   - nothing written: Postponed; written and no answer: Unknown;
//   - 429: Postponed, for as long as the answer asks;
//   - 301, 307, 308: the request was not taken, the address is wrong: Misconfigured;
//   - any other 4xx: the provider refuses something that nobody described, and not for
//     this person's sake: Misconfigured, so that a person looks and nothing escalates;
//   - anything else: Unknown.
//
// words is the provider's explanation, as Reason made it, if it gave one.
func (t Answers) Outcome(x Exchange, words string) Outcome {
	if x.Status == 0 {
		return unanswered(x)
	}
	o := t.code(x.Status).Outcome
	o.Reason = "http " + strconv.Itoa(x.Status)
	if words != "" {
		o.Reason = capped(o.Reason+": "+words, maxReason)
	}
	if o.Throttled {
		o.RetryAfter = x.RetryAfter
	}
	return o
}

// Successful says whether the status is a 2xx. Whether that is a yes, its body says.
func (x Exchange) Successful() bool { return x.Status >= 200 && x.Status < 300 }

// Read reads the body, JSON, into v; false if it is not whole, or none. A field of the
// wrong type spoils itself only: the yes beside it stands.
func (x Exchange) Read(v any) bool {
	if x.Err != nil {
		return false
	}
	err := json.Unmarshal(x.Body, v)
	wrongType := (*json.UnmarshalTypeError)(nil)
	return err == nil || errors.As(err, &wrongType)
}

// Unreadable is the outcome of an answer that says yes or no in a way that cannot be
// read: the request may have been taken.
func (x Exchange) Unreadable() Outcome {
	return Outcome{Kind: Unknown, Fault: true, Reason: "http " + strconv.Itoa(x.Status) + ": unreadable answer"}
}

func unanswered(x Exchange) Outcome {
	o := Outcome{Kind: Postponed, Reason: Reason(x.Err.Error()), Fault: x.Fault}
	if x.Written {
		o.Kind = Unknown
	}
	return o
}

// code is the row of a status, or what holds for every provider.
func (t Answers) code(status int) Code {
	if c, documented := t[status]; documented {
		return c
	}
	return undocumented(status)
}

func undocumented(status int) Code {
	switch {
	case status == http.StatusTooManyRequests:
		return Code{Outcome{Kind: Postponed, Throttled: true}, "too many requests", "it goes on by itself; lower the lane's limit if it happens often", Personal}
	case status == http.StatusMovedPermanently, status == http.StatusTemporaryRedirect, status == http.StatusPermanentRedirect:
		return Code{Outcome{Kind: Misconfigured, Scope: AccountScope}, "the provider's API is at another address", "correct the account's base_url", Wrong}
	case status >= 400 && status < 500:
		return Code{Outcome{Kind: Misconfigured, Scope: LaneScope}, "the provider refuses the request for a reason that it does not document",
			"ask the provider what the status means here", Wrong}
	}
	return Code{Outcome{Kind: Unknown, Fault: true}, "a fault at the provider; whether it took the request is unknown",
		"nothing: the message waits for a receipt. If it stays, look at the provider's status page", Personal}
}
