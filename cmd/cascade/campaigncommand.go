package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/client"
	"github.com/seed-438792ba/cascade/fallback"
)

func createCommand(p *program) *cobra.Command {
	return asking(p, "create CAMPAIGN.yaml", "Enter a campaign into a server; the same one again changes nothing", oneArgument("CAMPAIGN.yaml"),
		func(ctx context.Context, c *client.Client, args []string) (client.Report, error) {
			file, err := readSmall(args[0], campaign.MaxFileSize)
			if err != nil {
				return client.Report{}, misuse(fmt.Errorf("read the campaign: %w", err))
			}
			return c.CreateCampaignFile(ctx, file)
		}, showReport)
}

// readSmall reads a file of at most so many bytes, and one more of a larger one, which is
// then refused by whoever is given it.
func readSmall(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, most+1))
}

func listCommand(p *program) *cobra.Command {
	return asking(p, "list", "List the campaigns, and why each is not moving", cobra.NoArgs,
		func(ctx context.Context, c *client.Client, _ []string) ([]client.Report, error) {
			list, err := c.Campaigns(ctx)
			return append([]client.Report{}, list...), err
		},
		func(w io.Writer, list []client.Report) {
			t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
			fmt.Fprintln(t, "CAMPAIGN\tSTATE\tACCEPTED\tOPEN\tDELIVERED\tNOT DELIVERED\tWHY")
			for _, r := range list {
				open := openOf(r)
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.Campaign, r.State, count(r.Accepted), count(open),
					count(r.Counts["delivered"]), count(r.Accepted-open-r.Counts["delivered"]), r.Reason)
			}
			_ = t.Flush()
		})
}

// openOf is how many messages of a campaign are not closed.
func openOf(r client.Report) (n int) {
	for _, p := range fallback.Phases() {
		if p.Open() {
			n += r.Counts[p.String()]
		}
	}
	return n
}

func showCommand(p *program) *cobra.Command {
	return asking(p, "show ID", "Show a campaign's numbers, and why it is not moving", oneArgument("a campaign's ID"),
		func(ctx context.Context, c *client.Client, args []string) (client.Report, error) {
			return c.Campaign(ctx, args[0])
		}, showReport)
}

func showReport(w io.Writer, r client.Report) {
	var summary strings.Builder
	endReport(&summary, r.Summary) // it sets itself apart from a progress above
	fmt.Fprintf(w, "%s\nnow: %s\n", strings.TrimSpace(summary.String()), r.Reason)
	showTold(w, r.Webhook)
}

func rejectsCommand(p *program) *cobra.Command {
	return fetching(p, "rejects ID", "Print the rejected rows of all uploads, as a CSV that can be mended", oneArgument("a campaign's ID"),
		func(ctx context.Context, c *client.Client, args []string, w io.Writer) error {
			return c.Rejects(ctx, args[0], w)
		})
}

func exportCommand(p *program) *cobra.Command {
	form := "ndjson"
	cmd := fetching(p, "export ID", "Print a line for each message; numbers are whole for an admin, masked for others", oneArgument("a campaign's ID"),
		func(ctx context.Context, c *client.Client, args []string, w io.Writer) error {
			if form != "csv" && form != "ndjson" {
				return misuse(fmt.Errorf("--format: want csv or ndjson, not %s", form))
			}
			return c.ExportTo(ctx, args[0], form, w)
		})
	cmd.Flags().StringVar(&form, "format", form, "csv or ndjson")
	return cmd
}
