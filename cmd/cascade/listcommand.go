package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/seed-438792ba/cascade/client"
)

// listMessagesCommand asks for pages until there are as many as were asked for.
func listMessagesCommand(p *program) *cobra.Command {
	f := client.MessageFilter{Limit: 100}
	cmd := asking(p, "list CAMPAIGN", "List a campaign's messages, in no order; numbers are whole for an admin, masked for others", oneArgument("a campaign's ID"),
		func(ctx context.Context, c *client.Client, args []string) (client.MessagePage, error) {
			return listMessages(ctx, c, args[0], f)
		}, showMessages)
	cmd.Long = "List messages of a campaign, those that the flags ask for. It reads the campaign page by page, however large it\n" +
		"is, and ends with how to go on. To see every message at once: cascade campaign export."
	cmd.Flags().StringSliceVar(&f.Phases, "phase", nil, "only in this `PHASE`, as failed (default any)")
	cmd.Flags().StringSliceVar(&f.Channels, "channel", nil, "only those that stand on this `CHANNEL` (default any)")
	cmd.Flags().StringArrayVar(&f.Reasons, "only", nil, "only those with this `REASON`, as the export has it (default any)")
	cmd.Flags().StringVar(&f.After, "after", "", "the next page, as the last line of this one says")
	cmd.Flags().IntVar(&f.Limit, "limit", f.Limit, "about how many")
	return cmd
}

// mostInAPage is how many messages a server gives at once.
const mostInAPage = 1000

func listMessages(ctx context.Context, c *client.Client, id string, f client.MessageFilter) (client.MessagePage, error) {
	if f.Limit < 1 {
		return client.MessagePage{}, misuse(errors.New("--limit: want 1 or more"))
	}
	all := client.MessagePage{Messages: []client.FoundMessage{}}
	for left := f.Limit; ; left = f.Limit - len(all.Messages) {
		next := f
		next.Limit = min(left, mostInAPage)
		page, err := c.Messages(ctx, id, next)
		if err != nil {
			return all, err
		}
		all.Messages, all.Looked = append(all.Messages, page.Messages...), all.Looked+page.Looked
		if all.Next = page.Next; all.Next == "" || len(all.Messages) >= f.Limit {
			return all, nil
		}
		f.After = page.Next
	}
}

func findCommand(p *program) *cobra.Command {
	region := ""
	cmd := asking(p, "find [FILE]", "Find every message to one person, over all campaigns, the latest first", oneFileAtMost,
		func(ctx context.Context, c *client.Client, args []string) (client.MessagePage, error) {
			list, err := p.numbers(args)
			if err != nil {
				return client.MessagePage{}, err
			}
			if len(list) > 1 {
				return client.MessagePage{}, misuse(fmt.Errorf("want one phone number, not %d", len(list)))
			}
			found, err := c.FindMessages(ctx, list[0], region)
			return client.MessagePage{Messages: append([]client.FoundMessage{}, found...)}, err
		}, showMessages)
	cmd.Long = "Find every message to the person with this number, over all campaigns, the latest first. " + numbersHelp
	regionFlag(cmd, &region)
	return cmd
}

func regionFlag(cmd *cobra.Command, into *string) {
	cmd.Flags().StringVar(into, "region", "", "the `REGION` of numbers without a country code, as IT")
}

func showMessages(w io.Writer, page client.MessagePage) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "MESSAGE\tCAMPAIGN\tKEY\tTO\tOF\tPHASE\tCHANNEL\tREASON")
	for _, m := range page.Messages {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", m.Message, m.Line.Campaign, m.Key, m.Destination,
			m.Scheduled.UTC().Format(time.DateTime+" UTC"), m.Phase, m.Channel, m.Line.Reason)
	}
	_ = t.Flush() // into memory
	if page.Next != "" {
		fmt.Fprintf(w, "there may be more: --after %s\n", page.Next)
	}
}
