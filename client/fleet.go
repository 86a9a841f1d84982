package client

import (
	"context"
	"time"
)

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
	Name    string    `json:"process"`
	State   string    `json:"state"`          // alive, draining, or lost: not seen for 15 s
	Roles   []string  `json:"roles"`          // api, scheduler, worker
	Acts    bool      `json:"acts,omitempty"` // it is the scheduler that acts; others stand by
	Host    string    `json:"host"`
	PID     int       `json:"pid"`
	Version string    `json:"version"`
	Since   time.Time `json:"since"`   // it runs
	InHand  int       `json:"in_hand"` // jobs that it works on
	Seen    time.Time `json:"seen"`    // last
}

// Queues lists the lanes' queues, and what stands in line behind each.
func (c *Client) Queues(ctx context.Context) ([]Queue, error) {
	list, err := ask[struct{ Queues []Queue }](ctx, c, get("v1", "queues"))
	return list.Queues, err
}

// Workers lists the processes that live, and those that were lost in the last 15 minutes.
func (c *Client) Workers(ctx context.Context) ([]Worker, error) {
	list, err := ask[struct{ Workers []Worker }](ctx, c, get("v1", "workers"))
	return list.Workers, err
}
