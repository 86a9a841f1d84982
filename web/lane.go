package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/client"
)

// lanePlace is one lane.
var lanePlace = page{path: "/lanes/{lane}", template: "lane", role: api.Viewer, live: true, read: readLane}

// laneView is a lane with its queue.
type laneView struct {
	client.Lane
	Queue client.Queue
}

func viewLane(l client.Lane, queues []client.Queue) laneView {
	view := laneView{Lane: l}
	for _, q := range queues {
		if q.Name == l.Name {
			view.Queue = q
		}
	}
	return view
}

// Title is the page's.
func (l laneView) Title() string { return "Lane " + l.Name }

// Account is that of the lane.
func (l laneView) Account() string {
	account, _, _ := strings.Cut(l.Name, ".")
	return account
}

// AccountPaused says that not this lane but its whole account is paused.
func (l laneView) AccountPaused() bool {
	return l.State == "paused" && l.Scope == "account "+l.Account()
}

// Stopped says that all sending is.
func (l laneView) Stopped() bool { return l.State == "paused" && l.Scope == everything }

// Breaker is how the lane's breaker stands.
func (l laneView) Breaker() string { return breakerOf(l.Lane) }

// breakerOf is how a lane's breaker stands, in the words that people know: it holds the
// lane while it is open, and the gentle start after a hold is its half-open state.
func breakerOf(l client.Lane) string {
	switch {
	case l.State == "held" && l.Reason == sickReason:
		return "open"
	case l.State == "gentle":
		return "half-open"
	}
	return "closed"
}

// Effective is the pace that holds now.
func (l laneView) Effective() string {
	switch l.State {
	case "paused", "held":
		return "0/s"
	case "gentle":
		return "at most " + count(l.Gentle) + " at a time"
	}
	if l.PerSecond == 0 {
		return "no limit"
	}
	return perSecond(l.PerSecond)
}

// Configured are the limits as they stand in the configuration.
func (l laneView) Configured() string {
	var parts []string
	if len(l.Limits) > 0 {
		parts = append(parts, strings.Join(l.Limits, ", "))
	}
	if len(l.AccountLimits) > 0 {
		parts = append(parts, "account "+strings.Join(l.AccountLimits, ", "))
	}
	if parts == nil {
		return "none"
	}
	return strings.Join(parts, "; ")
}

// Meaning is what the lane's state says, in a sentence.
func (l laneView) Meaning() string {
	switch l.State {
	case "paused":
		return "Nothing starts here until somebody resumes it. Messages stay in line, receipts and waits go on."
	case "held":
		return "Nothing starts here until the hold ends, by itself. It is waiting time: nobody is escalated for it."
	case "gentle":
		return "After a hold it starts with one request, and doubles with each block that ends without fault."
	case "limit":
		return "It sends as fast as its limits allow."
	}
	return "A request could start now."
}

func readLane(ctx context.Context, v *visit) (any, error) {
	lanes, err := v.lanes(ctx)
	if err != nil {
		return nil, err
	}
	queues, err := v.queues(ctx)
	if err != nil {
		return nil, err
	}
	for _, l := range lanes {
		if l.Name == v.value("lane") {
			return viewLane(l, queues), nil
		}
	}
	return nil, &client.Problem{Status: http.StatusNotFound, Title: "There is no such lane", Detail: "Its name is account.channel, as in main.whatsapp."}
}

// turnLane does something to a lane, and turnAccount to all lanes of an account.
func turnLane(turn func(*client.Client, context.Context, string, string) (client.Lane, error), said string) func(context.Context, *visit) (string, string, error) {
	return func(ctx context.Context, v *visit) (string, string, error) {
		name := v.value("lane")
		why, err := v.why()
		if err == nil {
			_, err = turn(v.Client, ctx, name, why)
		}
		return to("lanes", name), name + " " + said, err
	}
}

func turnAccount(turn func(*client.Client, context.Context, string, string) ([]client.Lane, error), said string) func(context.Context, *visit) (string, string, error) {
	return func(ctx context.Context, v *visit) (string, string, error) {
		name := v.value("account")
		why, err := v.why()
		if err == nil {
			_, err = turn(v.Client, ctx, name, why)
		}
		return "/lanes", "The account " + name + " " + said, err
	}
}
