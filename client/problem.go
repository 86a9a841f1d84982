package client

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"
)

// Problem is what a server answers that does not do what was asked (RFC 9457). Programs
// tell problems apart by Type, or more coarsely by Status.
type Problem struct {
	Type        string   `json:"type"`
	Title       string   `json:"title"`
	Status      int      `json:"status"`
	Detail      string   `json:"detail,omitempty"`
	Faults      []Fault  `json:"errors,omitempty"`      // every mistake in what was sent
	Differences []string `json:"differences,omitempty"` // between this campaign and the one that has its id
	RequestID   string   `json:"request_id,omitempty"`  // as the server's log has it

	// RetryAfter is how long the server asks to wait; 0: it does not say.
	RetryAfter time.Duration `json:"-"`
}

// Fault is one mistake in what was sent.
type Fault struct {
	Pointer string `json:"pointer,omitempty"` // a JSON pointer as a fragment: "#/route/1/wait"
	Line    int    `json:"line,omitempty"`    // counted from 1
	Column  int    `json:"column,omitempty"`
	Detail  string `json:"detail"`
}

// The types of problems that a program may want to tell apart. All of them stand in the
// server's OpenAPI document.
const (
	Unauthorised      = "urn:cascade:problem:unauthorised"
	Forbidden         = "urn:cascade:problem:forbidden"
	NotFound          = "urn:cascade:problem:not-found"
	WrongState        = "urn:cascade:problem:wrong-state"        // the campaign cannot do this now
	DifferentCampaign = "urn:cascade:problem:different-campaign" // another campaign has this id
	InvalidFile       = "urn:cascade:problem:invalid-file"
	InvalidBody       = "urn:cascade:problem:invalid-body"
	RedisFull         = "urn:cascade:problem:redis-full"
	Unavailable       = "urn:cascade:problem:unavailable"

	inProgress = "urn:cascade:problem:in-progress" // the same call is at work
)

// Error is the problem in words, with every mistake and its place.
func (p *Problem) Error() string {
	text := p.Title
	switch {
	case len(p.Faults) == 1:
		return text + ": " + p.Faults[0].String()
	case p.Detail != "":
		text += ": " + p.Detail
	}
	for _, f := range p.Faults {
		text += "\n  " + f.String()
	}
	return text
}

// String is the fault with its place, as far as that is known.
func (f Fault) String() string {
	switch {
	case f.Line > 0:
		return fmt.Sprintf("line %d, column %d: %s", f.Line, f.Column, f.Detail)
	case f.Pointer != "":
		return f.Pointer + ": " + f.Detail
	}
	return f.Detail
}

// Later says whether the same call may succeed if it is made again in a moment.
func (p *Problem) Later() bool {
	switch p.Status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return p.Type == inProgress
}

// mostProblem bounds how much of an answer is read that is a problem, in bytes.
const mostProblem = 1 << 20

// readProblem makes a problem of an answer. What stands before the server, as a proxy,
// answers in forms of its own: then the status has to do.
func readProblem(answer *http.Response) *Problem {
	p := &Problem{}
	form, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	if form != "application/problem+json" || json.NewDecoder(io.LimitReader(answer.Body, mostProblem)).Decode(p) != nil || p.Title == "" {
		*p = Problem{Type: "about:blank", Title: "The server answered " + answer.Status,
			Detail: "not in the form of a problem: is this the address of a Cascade server?"}
	}
	p.Status = answer.StatusCode
	if seconds, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil && seconds > 0 {
		p.RetryAfter = time.Duration(seconds) * time.Second
	}
	return p
}
