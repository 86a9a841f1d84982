package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/client"
)

// watchEvery is how often a server is asked for a campaign that somebody watches.
const watchEvery = time.Second

func watchCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "watch ID",
		Short: "Watch a campaign until it is finished or cancelled, and print its summary",
		Long: "Watch a campaign until it is finished, or cancelled with nothing open. Leaving it stops nothing. Exit code 3: a\n" +
			"threshold was missed, or with --strict some messages were not delivered.",
		Args: oneArgument("a campaign's ID"),
	}
	from, output := remoteFlags(p, cmd), outputFlag(cmd)
	strict := cmd.Flags().Bool("strict", false, "exit code 3 if some messages were not delivered")
	thresholds := cmd.Flags().StringArray("threshold", nil, "exit code 3 unless the share of a phase is reached, as in 'delivered>=0.95'")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		aims, err := parseThresholds(*thresholds)
		if err != nil {
			return misuse(err)
		}
		c, err := from.client()
		if err != nil {
			return err
		}
		last, err := p.watch(cmd.Context(), c, args[0])
		if err != nil {
			return err
		}
		if err := p.print(*output, last, func(w io.Writer) { endReport(w, last.Summary) }); err != nil {
			return err
		}
		return judge(last.Summary, campaign.ImportReport{}, *strict, aims)
	}
	return cmd
}

// watch shows a campaign until nothing of it is open any more. A server that is away for
// a while is waited for.
func (p *program) watch(ctx context.Context, c *client.Client, id string) (client.Report, error) {
	show, pace := p.progress(), &marks{}
	ticker := time.NewTicker(watchEvery)
	defer ticker.Stop()
	for seen := false; ; {
		r, err := c.Flow(ctx, id)
		var lanes []client.Lane
		if err == nil {
			lanes, err = c.Lanes(ctx)
		}
		switch {
		case ctx.Err() != nil:
			return r.Report, fmt.Errorf("no longer watching: campaign %q goes on as it was", id)
		case err != nil && (!seen || !away(err)):
			return r.Report, explained(err)
		case err != nil:
			fmt.Fprintln(p.errs, "the server cannot be reached; trying again")
		default:
			seen = true
			show.show(pace.look(r, lanes, time.Now()))
			if r.FinishedAt != nil {
				return r.Report, nil
			}
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
		}
	}
}

// away says whether an error may pass by itself.
func away(err error) bool {
	var p *client.Problem
	return !errors.As(err, &p) || p.Later()
}
