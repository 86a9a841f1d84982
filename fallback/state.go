package fallback

import (
	"fmt"
	"strings"
)

// State is all of a record that the machine looks at. It is small, comparable and
// printable; what a person wants to know besides is in the record's history.
type State struct {
	Phase  Phase
	Leg    uint8 // of the route; of a delivered message: the leg that reached the person
	Try    uint8 // an operator's retry begins the next
	Fails  uint8 // times the present attempt was put back because the provider said "try later", or to be repeated
	Checks uint8 // times its alarm rang in this phase and did not end it
	Marks  Marks
	Ticket Stamp // queued: the job's; from the claim on: the claim's
}

// Stamp is the mark of one save, drawn anew by who saves.
type Stamp uint64

func (s Stamp) String() string { return fmt.Sprintf("%016x", uint64(s)) }

// Marks are what is worth knowing of a message besides its phase.
type Marks uint8

// The marks. The first three are facts that came on top of a close; the others
// are for the machine.
const (
	Read    Marks = 1 << iota // the person saw it
	Overlap                   // more than one channel was sent to, and an earlier one delivered after all
	Late                      // delivered after it was closed otherwise
	Final                     // its campaign is cancelled: the present leg is the last
	Resent                    // the present attempt was sent once more, though the first request may have been taken
	Denied                    // the present attempt was sent again, for the provider said that it never had it
	Erased                    // the person's data is forgotten, and what comes later is not kept
)

// attemptMarks are those that end with the attempt.
const attemptMarks = Resent | Denied

var markNames = []string{"read", "overlap", "late", "final", "resent", "denied", "erased"}

// Has says whether all of other are set.
func (m Marks) Has(other Marks) bool { return m&other == other }

func (m Marks) String() string {
	var names []string
	for i, name := range markNames {
		if m&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, ",")
}

// maxUnavailable is how often "try later" is followed for one attempt before it
// counts as refused.
const maxUnavailable = 5

// patient says whether the present attempt may be put back once more.
func (s State) patient() bool { return s.Fails+1 < maxUnavailable }

func (s State) String() string {
	text := fmt.Sprintf("%s %d", s.Phase, s.Leg)
	if s.Try > 0 {
		text += fmt.Sprintf(" try %d", s.Try)
	}
	if s.Marks != 0 {
		text += " " + s.Marks.String()
	}
	return text
}
