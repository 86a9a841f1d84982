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

func auditCommand(p *program) *cobra.Command {
	q := client.AuditQuery{Limit: 100}
	cmd := asking(p, "audit", "Tell who did what, when and why, the latest first", cobra.NoArgs,
		func(ctx context.Context, c *client.Client, _ []string) (client.Deeds, error) {
			return c.AuditPage(ctx, q)
		},
		func(w io.Writer, d client.Deeds) {
			t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
			fmt.Fprintln(t, "WHEN\tWHO\tWHAT\tABOUT\tMESSAGES\tWHY")
			for _, deed := range d.Deeds {
				touched := ""
				if deed.Touched != nil {
					touched = count(*deed.Touched)
				}
				if deed.BrokeOff {
					touched += ", broke off"
				}
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", deed.At.UTC().Format(time.DateTime+" UTC"), deed.By, deed.What, deed.About, touched, deed.Why)
			}
			_ = t.Flush()
			if d.Next != "" {
				fmt.Fprintf(w, "there may be more: --before %s\n", d.Next)
			}
		})
	cmd.Flags().StringVar(&q.By, "by", "", "only what this token's bearer did")
	cmd.Flags().StringVar(&q.About, "about", "", "only what is about this campaign, lane or account")
	cmd.Flags().StringVar(&q.What, "what", "", "only calls that hold this, as pause")
	cmd.Flags().StringVar(&q.Before, "before", "", "the next page, as the last line of this one says")
	cmd.Flags().IntVar(&q.Limit, "limit", q.Limit, "how many, 1 to 1000")
	return cmd
}
