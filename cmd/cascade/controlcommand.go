package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/seed-438792ba/cascade/client"
)

// turning is a command that changes a campaign's state.
func turning(p *program, use, short string, turn func(c *client.Client, ctx context.Context, id, reason string) (client.State, error)) *cobra.Command {
	var reason string
	cmd := asking(p, use, short, oneArgument("a campaign's ID"),
		func(ctx context.Context, c *client.Client, args []string) (client.State, error) {
			return turn(c, ctx, args[0], reason)
		}, showState)
	reasonFlag(cmd, &reason)
	return cmd
}

func showState(w io.Writer, s client.State) {
	fmt.Fprint(w, s.State)
	if s.InFlight != nil {
		fmt.Fprintf(w, "; requests that were under way and may still start: %s", count(*s.InFlight))
	}
	fmt.Fprintln(w)
}

func startCommand(p *program) *cobra.Command {
	return turning(p, "start ID", "Start a campaign; after it no new recipients are taken from files", (*client.Client).Start)
}

func pauseCommand(p *program) *cobra.Command {
	return turning(p, "pause ID", "Hold a campaign; when it is answered nothing new can start", (*client.Client).Pause)
}

func goOnCommand(p *program) *cobra.Command {
	return turning(p, "resume ID", "Let a paused campaign go on; nobody gets it twice", (*client.Client).Resume)
}

// cancelCommand never asks: it says what it would do, and wants --yes.
func cancelCommand(p *program) *cobra.Command {
	yes := false
	cmd := turning(p, "cancel ID", "End a campaign for ever",
		func(c *client.Client, ctx context.Context, id, reason string) (client.State, error) {
			if yes {
				return c.Cancel(ctx, id, reason)
			}
			r, err := c.Campaign(ctx, id)
			if err != nil {
				return client.State{}, err
			}
			return client.State{}, misuse(fmt.Errorf("a cancel is for ever: campaign %q is %s, and %s of its %s messages are open. Say --yes to cancel it",
				id, r.State, count(openOf(r)), count(r.Accepted)))
		})
	cmd.Flags().BoolVar(&yes, "yes", false, "really do it")
	return cmd
}

func retryCommand(p *program) *cobra.Command {
	var o client.RetryOrder
	cmd := asking(p, "retry ID", "Send once more, from the first leg, what came to nothing", oneArgument("a campaign's ID"),
		func(ctx context.Context, c *client.Client, args []string) (client.Retried, error) {
			return c.Retry(ctx, args[0], o)
		},
		func(w io.Writer, r client.Retried) {
			done := "retried"
			if o.DryRun {
				done = "would be retried"
			}
			fmt.Fprintf(w, "%s %s; not those delivered late (%s), without their values (%s), with no try left (%s)\n",
				count(r.Retried), done, count(r.Late), count(r.Dropped), count(r.Used))
		})
	cmd.Flags().StringSliceVar(&o.Phases, "phase", nil, "failed, unconfirmed, expired (default all three)")
	cmd.Flags().StringSliceVar(&o.Reasons, "only", nil, "only those with this `REASON`, as the export has it (default any)")
	cmd.Flags().BoolVar(&o.DryRun, "dry-run", false, "only count")
	reasonFlag(cmd, &o.Reason)
	return cmd
}
