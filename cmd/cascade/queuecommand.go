package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/seed-438792ba/cascade/client"
)

func queueCommand(p *program) *cobra.Command {
	return group("queue", "Look at the lanes' queues and at what stands in line behind them",
		asking(p, "list", "List the queues, and what stands in line behind each", cobra.NoArgs,
			func(ctx context.Context, c *client.Client, _ []string) ([]client.Queue, error) { return c.Queues(ctx) },
			func(w io.Writer, list []client.Queue) { showQueues(w, list, time.Now()) }))
}

func showQueues(w io.Writer, list []client.Queue, now time.Time) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "QUEUE\tPENDING\tOLDEST\tIN HAND\tPUT BACK\tIN LINE\tDUE\tFIRST\tCAMPAIGNS IN LINE")
	for _, q := range list {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", q.Name, count(q.Pending), age(q.OldestSince, now), count(q.Active), count(q.Retry+q.Scheduled),
			count(q.Lined), count(q.Due), first(q, now), inLine(q.Lines))
	}
	_ = t.Flush()
}

// age is for how long something waits.
func age(since *time.Time, now time.Time) string {
	if since == nil {
		return "-"
	}
	return max(0, now.Sub(*since)).Round(100 * time.Millisecond).String()
}

// first says when the first of a line could have gone, or will be able to.
func first(q client.Queue, now time.Time) string {
	switch {
	case q.DueSince != nil:
		return "due for " + age(q.DueSince, now)
	case q.NextDue != nil:
		return "in " + q.NextDue.Sub(now).Round(time.Second).String()
	}
	return "-"
}

// inLine names the campaigns of a line, the first few.
func inLine(lines []client.Queued) string {
	const few = 3
	text := ""
	for i, l := range lines {
		if i == few {
			return fmt.Sprintf("%s and %d more", text, len(lines)-few)
		}
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprintf("%s leg %d (%s) %s", l.Campaign, l.Leg, l.State, count(l.Messages))
	}
	return text
}

func workerCommand(p *program) *cobra.Command {
	return group("worker", "Look at the processes",
		asking(p, "list", "List the processes that live, and those lost in the last 15 minutes", cobra.NoArgs,
			func(ctx context.Context, c *client.Client, _ []string) ([]client.Worker, error) {
				return c.Workers(ctx)
			},
			func(w io.Writer, list []client.Worker) { showWorkers(w, list, time.Now()) }))
}

func showWorkers(w io.Writer, list []client.Worker, now time.Time) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "PROCESS\tSTATE\tROLES\tHOST\tPID\tVERSION\tRUNS FOR\tIN HAND\tSEEN")
	for _, p := range list {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%d\t%s\t%s\t%s\t%s ago\n", p.Name, p.State, roleList(p), p.Host, p.PID, p.Version,
			now.Sub(p.Since).Round(time.Second), count(p.InHand), max(0, now.Sub(p.Seen)).Round(time.Second))
	}
	_ = t.Flush()
}

// roleList says which of several schedulers acts.
func roleList(p client.Worker) (text string) {
	for i, r := range p.Roles {
		if i > 0 {
			text += ","
		}
		if text += r; r == string(schedulerRole) && p.Acts {
			text += "*"
		}
	}
	return text
}
