package fallback

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/seed-438792ba/cascade/campaign"
)

// JobType is the type of the task that carries a job.
const JobType = "cascade:send"

// Job is what a worker gets to know of a message: which attempt, and the ticket that
// the record must hold for it. It travels on its lane's queue.
type Job struct {
	Attempt campaign.AttemptID
	Lane    campaign.Lane
	Ticket  Stamp
}

// ID names the job on the queue. It is new with each queueing, so that a job which is
// still archived or active elsewhere neither blocks nor repeats another. It has no
// dash, at which asynqmon would cut it.
func (j Job) ID() string { return j.Attempt.Hex() + j.Ticket.String() }

// payload is a job on the wire: nothing in it says who the message is for.
type payload struct {
	Attempt campaign.AttemptID `json:"attempt"`
	Ticket  string             `json:"ticket"`
}

// Payload is the job as its task carries it.
func (j Job) Payload() []byte {
	text, err := json.Marshal(payload{j.Attempt, j.Ticket.String()})
	if err != nil {
		panic(err) // two strings
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
	if err != nil || ticket == 0 || p.Attempt == (campaign.AttemptID{}) {
		return Job{}, fmt.Errorf("job on %s: want an attempt and a ticket of sixteen hexadecimal digits", lane)
	}
	return Job{Attempt: p.Attempt, Lane: lane, Ticket: Stamp(ticket)}, nil
}
