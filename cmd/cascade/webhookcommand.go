package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/client"
	"github.com/seed-438792ba/cascade/config"
)

func webhookCommand(p *program) *cobra.Command {
	return group("webhook", "Look at the receivers outside, and send one again what it did not take",
		asking(p, "list", "List the receivers, how each stands, and how much waits for it", cobra.NoArgs,
			func(ctx context.Context, c *client.Client, _ []string) ([]client.Webhook, error) {
				list, err := c.Webhooks(ctx)
				return append([]client.Webhook{}, list...), err
			}, showWebhooks),
		redeliverCommand(p))
}

func redeliverCommand(p *program) *cobra.Command {
	var o client.RedeliverOrder
	var since string
	cmd := asking(p, "redeliver NAME", "Send a receiver at once what waits for it, also one that is gone", oneArgument("a receiver's NAME"),
		func(ctx context.Context, c *client.Client, args []string) (client.Redelivered, error) {
			if since != "" {
				at, err := time.Parse(time.RFC3339, since)
				if err != nil {
					return client.Redelivered{}, misuse(fmt.Errorf("--since %q: want a time as 2026-12-01T09:00:00Z", since))
				}
				o.Since = at
			}
			return c.Redeliver(ctx, args[0], o)
		},
		func(w io.Writer, r client.Redelivered) { fmt.Fprintf(w, "%s on their way\n", count(r.Waiting)) })
	cmd.Flags().StringVar(&o.Campaign, "campaign", "", "tell it again what closed in the campaign of this `ID`, under the same ids")
	cmd.Flags().StringVar(&since, "since", "", "of that: since this time, as 2026-12-01T09:00:00Z")
	reasonFlag(cmd, &o.Reason)
	return cmd
}

func showWebhooks(w io.Writer, list []client.Webhook) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "WEBHOOK\tHOST\tSTATE\tWAITING\tDELIVERED\tGIVEN UP\tDROPPED\tWHY")
	for _, h := range list {
		why := h.Error
		if h.Since != nil {
			why = "since " + h.Since.UTC().Format(time.DateTime+" UTC") + ": " + why
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", h.Name, h.Host, h.State,
			count(h.Waiting), count(h.Delivered), count(h.GivenUp), count(h.Dropped), why)
	}
	_ = t.Flush()
}

// showTold says in a line what a campaign's receiver was told.
func showTold(w io.Writer, h *client.CampaignWebhook) {
	if h == nil {
		return
	}
	fmt.Fprintf(w, "told to %s: %s taken, %s waiting, %s given up, %s dropped\n", h.To, count(h.Delivered), count(h.Waiting), count(h.GivenUp), count(h.Dropped))
}

// toldTo is who is told of a campaign, as far as its file and the configuration say; "":
// nobody.
func toldTo(c campaign.Campaign, cfg *config.Config) string {
	w := c.Webhook
	if cfg != nil {
		w = cfg.WebhookOf(&c)
	}
	if w == nil {
		return ""
	}
	return w.To
}

func webhookFacts(all config.Webhooks) []webhookFact {
	facts := []webhookFact{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		r := all[name]
		facts = append(facts, webhookFact{name, hostOf(r.URL), len(r.Secrets), len(r.Guard)})
	}
	return facts
}

// lastTelling is how long a run waits at its end for receivers to take what they are told.
const lastTelling = 10 * time.Second

// tellTheLast waits until who is told of the campaign was told, for a while: what then
// waits is sent by any process on the same Redis.
func (r *campaignRun) tellTheLast(ctx context.Context) error {
	c, err := r.house.store.Find(ctx, r.campaign.ID)
	if err != nil {
		return err
	}
	w := r.house.webhookOf(&c.Campaign)
	if w == nil || !slices.Contains(r.roles, schedulerRole) {
		return nil
	}
	end := time.After(lastTelling)
	for {
		told, err := r.house.store.ToldOf(ctx, c.Number)
		if err != nil || told.Waiting == 0 {
			return err
		}
		select {
		case <-time.After(lookEvery / 5):
		case <-end:
			fmt.Fprintf(r.out, "%s webhooks wait for %s: %s\n", count(told.Waiting), w.To,
				either(r.house.embedded != nil, "they are gone with the embedded Redis", "any cascade process on this Redis sends them, for a day"))
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
