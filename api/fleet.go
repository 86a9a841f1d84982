package api

import (
	"context"
	"net/http"
	"time"
)

// Fleet is what is asked about the processes and what they have before them.
type Fleet interface {
	// Queues gives the queue of each lane, in their order, and then those of no lane.
	Queues(ctx context.Context) ([]Queue, error)
	// Workers gives the processes that live, and those that were lost of late.
	Workers(ctx context.Context) ([]Worker, error)
}

// Queue is how a lane's queue stands, and what stands in line behind it. The queue holds
// the look-ahead alone, some 1.5 s of the lane's rate: the rest is in the lines.
type Queue struct {
	Name        string     `json:"queue"`                    // a lane's is called as the lane
	Pending     int        `json:"pending"`                  // jobs that no worker has taken
	Active      int        `json:"active"`                   // jobs in a worker's hands, or taken ahead
	Retry       int        `json:"retry"`                    // tasks put back because Redis was away
	Scheduled   int        `json:"scheduled"`                // of other services: Cascade schedules nothing here
	Archived    int        `json:"archived"`                 // tasks that asynq gave up; nothing depends on them
	OldestSince *time.Time `json:"oldest_since,omitempty"`   // since when the oldest pending job waits
	Paused      bool       `json:"paused_outside,omitempty"` // by asynq's own means: Cascade pauses lanes instead
	Lined       int        `json:"lined"`                    // messages in line for the lane
	Due         int        `json:"due"`                      // of those, whose time has come
	DueSince    *time.Time `json:"due_since,omitempty"`      // since when the first of them could have gone
	NextDue     *time.Time `json:"next_due,omitempty"`       // when none is due: when the first will be
	Lines       []Queued   `json:"lines,omitempty"`          // by campaign
}

// Queued is how many messages of a campaign stand in a lane's line on one leg.
type Queued struct {
	Campaign string    `json:"campaign"`
	State    string    `json:"state"` // only a running campaign's messages leave the line
	Leg      int       `json:"leg"`   // counted from 1
	Messages int       `json:"messages"`
	Due      int       `json:"due"`
	First    time.Time `json:"first_due"`
}

// Worker is a process of the deployment, whatever its roles.
type Worker struct {
	Name    string      `json:"process"`
	State   WorkerState `json:"state"`
	Roles   []string    `json:"roles"`          // api, scheduler, worker
	Acts    bool        `json:"acts,omitempty"` // it is the scheduler that acts; others stand by
	Host    string      `json:"host"`
	PID     int         `json:"pid"`
	Version string      `json:"version"`
	Since   time.Time   `json:"since"`   // it runs
	InHand  int         `json:"in_hand"` // jobs that it works on
	Seen    time.Time   `json:"seen"`    // last; each process tells every 5 s
}

// WorkerState is how a process is.
type WorkerState string

// The states of a process.
const (
	WorkerAlive    WorkerState = "alive"
	WorkerDraining WorkerState = "draining" // what is in hand is ended, nothing new begins
	WorkerLost     WorkerState = "lost"     // it has not been seen for 15 s; after 15 minutes it is forgotten
)

func (s *Server) listQueues(w http.ResponseWriter, r *http.Request, _ Caller) error {
	answer := QueueList{Queues: []Queue{}}
	if s.fleet != nil {
		found, err := s.fleet.Queues(r.Context())
		if err != nil {
			return err
		}
		answer.Queues = append(answer.Queues, found...)
	}
	return reply(w, http.StatusOK, answer)
}

func (s *Server) listWorkers(w http.ResponseWriter, r *http.Request, _ Caller) error {
	answer := WorkerList{Workers: []Worker{}}
	if s.fleet != nil {
		found, err := s.fleet.Workers(r.Context())
		if err != nil {
			return err
		}
		answer.Workers = append(answer.Workers, found...)
	}
	return reply(w, http.StatusOK, answer)
}
