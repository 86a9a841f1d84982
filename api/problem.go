package api

import (
	"errors"
	"net/http"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// Problem is an answer that is an error, in the form of RFC 9457. Its Type is stable:
// programs tell problems apart by it.
type Problem struct {
	Type        string   `json:"type"`
	Title       string   `json:"title"`
	Status      int      `json:"status"`
	Detail      string   `json:"detail,omitempty"`
	Faults      []Fault  `json:"errors,omitempty"`      // of a file: all of them
	Differences []string `json:"differences,omitempty"` // between this campaign and the one that has its id
	RequestID   string   `json:"request_id,omitempty"`
}

// Fault is one mistake in what was sent.
type Fault struct {
	Pointer string `json:"pointer,omitempty"` // a JSON pointer as a fragment: "#/route/1/wait"
	Line    int    `json:"line,omitempty"`    // counted from 1
	Column  int    `json:"column,omitempty"`
	Detail  string `json:"detail"`
}

func (p *Problem) Error() string {
	if p.Detail == "" {
		return p.Title
	}
	return p.Title + ": " + p.Detail
}

// Conflict is the problem of a campaign that cannot do what is asked from where it
// stands.
func Conflict(detail string) *Problem { return conflict.because(detail) }

// Different is the problem of a campaign whose id belongs to one with another content.
func Different(detail string, differences []string) *Problem {
	p := different.because(detail)
	p.Differences = differences
	return p
}

// Full is the problem of a Redis that has no room for more recipients.
func Full(detail string) *Problem { return full.because(detail) }

// Malformed is the problem of a request that says something that cannot be read.
func Malformed(detail string) *Problem { return malformed.because(detail) }

// kind is what problems of one type have in common.
type kind struct {
	status      int
	name, title string
}

var (
	malformed    = kind{http.StatusBadRequest, "malformed", "The request cannot be read"}
	unauthorised = kind{http.StatusUnauthorized, "unauthorised", "No valid token"}
	forbidden    = kind{http.StatusForbidden, "forbidden", "The token does not allow this"}
	notFound     = kind{http.StatusNotFound, "not-found", "There is nothing here"}
	notAllowed   = kind{http.StatusMethodNotAllowed, "method-not-allowed", "The method is not allowed here"}
	conflict     = kind{http.StatusConflict, "wrong-state", "The campaign cannot do this now"}
	changed      = kind{http.StatusConflict, "changed-meanwhile", "It is no longer as it was shown"}
	different    = kind{http.StatusConflict, "different-campaign", "Another campaign has this id"}
	tooLarge     = kind{http.StatusRequestEntityTooLarge, "too-large", "The body is too large"}
	unsupported  = kind{http.StatusUnsupportedMediaType, "unsupported-media-type", "The content type is not read here"}
	invalid      = kind{http.StatusUnprocessableEntity, "invalid-file", "The file has mistakes"}
	invalidBody  = kind{http.StatusUnprocessableEntity, "invalid-body", "The body has mistakes"}
	otherBody    = kind{http.StatusUnprocessableEntity, "idempotency-key-reused", "The key belongs to another call"}
	inProgress   = kind{http.StatusConflict, "in-progress", "The same call is at work"}
	full         = kind{http.StatusTooManyRequests, "redis-full", "There is no room for more recipients"}
	unavailable  = kind{http.StatusServiceUnavailable, "unavailable", "The ledger cannot be reached"}
	notReady     = kind{http.StatusServiceUnavailable, "not-ready", "The process takes no work"}
)

func (k kind) uri() string { return "urn:cascade:problem:" + k.name }

func (k kind) because(detail string) *Problem {
	return &Problem{Type: k.uri(), Title: k.title, Status: k.status, Detail: detail}
}

// problem says how an error is answered. What nobody explains is a ledger that could
// not be reached: nothing was lost, and the same call may be made again.
func (s *Server) problem(err error) *Problem {
	var known *Problem
	var file *campaign.FileError
	var size *http.MaxBytesError
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &file):
		return mistaken(invalid, file)
	case errors.As(err, &size):
		return tooLarge.because("")
	case errors.Is(err, fallback.ErrNoCampaign):
		return notFound.because("there is no such campaign")
	case errors.Is(err, fallback.ErrNoMessage):
		return notFound.because("there is no such message")
	}
	if s.explain != nil {
		if p := s.explain(err); p != nil {
			return p
		}
	}
	return unavailable.because("try again in a moment; a call that is repeated does nothing twice")
}

// mistaken names every mistake at once.
func mistaken(k kind, e *campaign.FileError) *Problem {
	p := k.because("")
	for _, f := range e.Problems {
		p.Faults = append(p.Faults, Fault{Pointer: pointer(f.Path), Line: f.Line, Column: f.Column, Detail: f.Text})
	}
	if len(e.Problems) == 1 {
		p.Detail = e.Problems[0].Text
	}
	return p
}

// pointer turns "route[1].wait" into "#/route/1/wait" (RFC 6901).
func pointer(path string) string {
	if path == "" {
		return ""
	}
	escaped := strings.NewReplacer("~", "~0", "/", "~1", "[", "/", "]", "", ".", "/").Replace(path)
	return "#/" + strings.TrimPrefix(escaped, "/")
}
