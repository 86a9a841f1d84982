package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/seed-438792ba/cascade/client"
)

func laneCommand(p *program) *cobra.Command {
	return group("lane", "Look at the lanes, and stop or resume one",
		asking(p, "list", "List the lanes and what each waits for", cobra.NoArgs,
			func(ctx context.Context, c *client.Client, _ []string) ([]client.Lane, error) { return c.Lanes(ctx) }, showLanes),
		lane(p, "pause LANE", "Hold a lane, for all campaigns", (*client.Client).PauseLane),
		lane(p, "resume LANE", "Let a paused lane go on", (*client.Client).ResumeLane),
		lane(p, "go-on LANE", "Let the waits go on that stand still because receipts stopped", (*client.Client).GoOn))
}

func lane(p *program, use, short string, turn func(*client.Client, context.Context, string, string) (client.Lane, error)) *cobra.Command {
	return lanes(p, use, short, oneArgument("a lane, as main.whatsapp"),
		func(ctx context.Context, c *client.Client, args []string, reason string) ([]client.Lane, error) {
			l, err := turn(c, ctx, args[0], reason)
			return []client.Lane{l}, err
		})
}

func accountCommand(p *program) *cobra.Command {
	return group("account", "Stop or resume every lane of an account",
		account(p, "pause ACCOUNT", "Hold every lane of an account", (*client.Client).PauseAccount),
		account(p, "resume ACCOUNT", "Let an account go on, also one that paused itself", (*client.Client).ResumeAccount))
}

func account(p *program, use, short string, turn func(*client.Client, context.Context, string, string) ([]client.Lane, error)) *cobra.Command {
	return lanes(p, use, short, oneArgument("an account"),
		func(ctx context.Context, c *client.Client, args []string, reason string) ([]client.Lane, error) {
			return turn(c, ctx, args[0], reason)
		})
}

func stopCommand(p *program) *cobra.Command {
	return lanes(p, "stop", "Stop all sending, until cascade resume", cobra.NoArgs,
		func(ctx context.Context, c *client.Client, _ []string, reason string) ([]client.Lane, error) {
			return c.StopEverything(ctx, reason)
		})
}

func resumeCommand(p *program) *cobra.Command {
	return lanes(p, "resume", "Undo a stop; lanes and accounts that are paused by themselves stay so", cobra.NoArgs,
		func(ctx context.Context, c *client.Client, _ []string, reason string) ([]client.Lane, error) {
			return c.ResumeEverything(ctx, reason)
		})
}

// lanes is a command that changes some, and prints how they then stand.
func lanes(p *program, use, short string, args cobra.PositionalArgs,
	turn func(ctx context.Context, c *client.Client, args []string, reason string) ([]client.Lane, error)) *cobra.Command {
	var reason string
	cmd := asking(p, use, short, args, func(ctx context.Context, c *client.Client, args []string) ([]client.Lane, error) {
		return turn(ctx, c, args, reason)
	}, showLanes)
	reasonFlag(cmd, &reason)
	return cmd
}

func showLanes(w io.Writer, list []client.Lane) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "LANE\tSTATE\tRATE\tLIMIT\tP95\tWHY")
	for _, l := range list {
		fmt.Fprintf(t, "%s\t%s\t%d/s\t%s\t%s\t%s\n", l.Name, l.State, l.Observed, limit(l.PerSecond), answerTime(time.Duration(l.AnswerP95)*time.Millisecond), why(l))
	}
	_ = t.Flush()
}

// why says in one line what stops a lane, by whom and since when.
func why(l client.Lane) string {
	var parts []string
	add := func(text string, about ...any) { parts = append(parts, fmt.Sprintf(text, about...)) }
	clock := func(at *time.Time) string { return at.UTC().Format(time.DateTime + " UTC") }
	if l.Reason != "" {
		add("%s", l.Reason)
	}
	if l.Scope != "" {
		add("by %s", l.Scope)
	}
	if l.By != "" {
		add("paused by %s", l.By)
	}
	if l.Since != nil {
		add("since %s", clock(l.Since))
	}
	if l.Until != nil {
		add("until %s", clock(l.Until))
	}
	if l.ReceiptsStopped != nil {
		add("RECEIPTS STOPPED at %s: waits stand still", clock(l.ReceiptsStopped))
	}
	if l.WaitsUntil != nil {
		add("waits go on at %s", clock(l.WaitsUntil))
	}
	if l.Unserved {
		add("no worker serves it")
	}
	return strings.Join(parts, "; ")
}
