package simulator

import (
	"fmt"
	"slices"
)

// Answer says, in the log, what became of a request.
type Answer uint8

// The answers. A message was taken by TakenAsNew and NoAnswer, and by a Duplicate whose
// record says so.
const (
	TakenAsNew   Answer = iota // the first time that this id was taken on its channel
	Duplicate                  // an id that was taken before: taken again, so that the person would get it twice, or refused
	NoAnswer                   // taken, and never answered, or by a gateway that knew of nothing; the record's taken tells whether it is the first time
	DryRun                     // checked and answered as if taken, at the caller's wish
	Refused                    // not this person on this channel
	Throttled                  // 429
	Unavailable                // not taken: "try later", an outage, a gateway's 504, or a connection that was cut (status 0)
	Malformed                  // against the provider's contract
	Unauthorised               // no credential, or one that is not known
	answerCount
)

var answerNames = [answerCount]string{
	"taken_as_new", "duplicate", "no_answer", "dry_run", "refused", "throttled", "unavailable", "malformed", "unauthorised",
}

func (a Answer) String() string { return answerNames[a] }

// MarshalText gives the answer's name.
func (a Answer) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads an answer's name.
func (a *Answer) UnmarshalText(b []byte) error {
	i := slices.Index(answerNames[:], string(b))
	if i < 0 {
		return fmt.Errorf("unknown answer %q in a simulator's log", b)
	}
	*a = Answer(i)
	return nil
}
