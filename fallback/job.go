package fallback

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/seed-438792ba/cascade/campaign"
)

// The types of the tasks that carry jobs. What comes as a question is never sent.
const (
	JobType = "cascade:send"
	AskType = "cascade:ask"
)

// Job is what a worker gets to know of a message: which attempt, and the ticket that
// the record must hold for it. It travels on its lane's queue.
type Job struct {
	Attempt campaign.AttemptID
	Lane    campaign.Lane
	Ticket  Stamp
	Check   uint8 // which question about the attempt it is; 0: none, it is to be sent
	Last    bool  // the leg's wait is over: what the answer does not settle, the policy does
}

// Type is the type of the job's task.
func (j Job) Type() string {
	if j.Check > 0 {
		return AskType
	}
	return JobType
}

// ID names the job on the queue. It is new with each queueing, so that a job which is
// still archived or active elsewhere neither blocks nor repeats another. It has no
// dash, at which asynqmon would cut it.
func (j Job) ID() string {
	id := j.Attempt.Hex() + j.Ticket.String()
	if j.Check > 0 {
		id += "q" + strconv.Itoa(int(j.Check))
	}
	return id
}

// Asks says whether the record still waits for the answer to this question.
func (j Job) Asks(r *Record) bool {
	s := r.State
	return j.Check > 0 && j.Check == s.Checks && j.Attempt == r.Attempt() && j.Ticket == s.Ticket && (s.Phase == Unknown || s.Phase == Waiting)
}

// payload is a job on the wire: nothing in it says who the message is for.
type payload struct {
	Attempt campaign.AttemptID `json:"attempt"`
	Ticket  string             `json:"ticket"`
	Check   uint8              `json:"check,omitempty"`
	Last    bool               `json:"last,omitempty"`
}

// Payload is the job as its task carries it.
func (j Job) Payload() []byte {
	text, err := json.Marshal(payload{j.Attempt, j.Ticket.String(), j.Check, j.Last})
	if err != nil {
		panic(err) // strings, a number and a bool
	}
	return text
}

// ParseJob reads a task's payload from the queue of a lane.
func ParseJob(lane campaign.Lane, text []byte) (Job, error) {
	var p payload
	if err := json.Unmarshal(text, &p); err != nil {
		return Job{}, fmt.Errorf("job on %s: %w", lane, err)
	}
	ticket, err := strconv.ParseUint(p.Ticket, 16, 64)
	if err != nil || ticket == 0 && p.Check == 0 || p.Attempt == (campaign.AttemptID{}) {
		return Job{}, fmt.Errorf("job on %s: want an attempt and a ticket of sixteen hexadecimal digits", lane)
	}
	return Job{Attempt: p.Attempt, Lane: lane, Ticket: Stamp(ticket), Check: p.Check, Last: p.Last}, nil
}

// job is what the record now waits for: to be sent, or an answer about it.
func (d *Door) job(c *campaign.Campaign, r *Record) Job {
	leg := c.Route[r.State.Leg]
	_, over := d.remedy(c, r.State).check(leg.Wait, r.State)
	return Job{Attempt: r.Attempt(), Lane: leg.Lane(), Ticket: r.State.Ticket, Check: r.State.Checks, Last: r.State.Checks > 0 && over}
}
