package main

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"time"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/store"
)

// webhookDesk is the API's way to the receivers outside.
type webhookDesk struct{ house *house }

func (d webhookDesk) Webhooks(ctx context.Context) ([]api.Webhook, error) {
	receivers := d.house.config.Webhooks
	names := slices.Sorted(maps.Keys(receivers))
	stands, err := d.house.store.OutsideOf(ctx, names...)
	if err != nil {
		return nil, err
	}
	told, err := d.campaigns(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]api.Webhook, len(names))
	for i, name := range names {
		counts, err := d.house.store.ToldOf(ctx, told[name]...)
		if err != nil {
			return nil, err
		}
		wrote, err := d.house.store.ToldInbound(ctx, name)
		if err != nil {
			return nil, err
		}
		counts.Add(wrote)
		list[i] = apiWebhook(name, receivers[name].URL, stands[name])
		list[i].WebhookCounts = api.WebhookCounts(counts)
	}
	return list, nil
}

// campaigns are those that each receiver is told of.
func (d webhookDesk) campaigns(ctx context.Context) (map[string][]campaign.Number, error) {
	list, err := d.house.store.List(ctx)
	if err != nil {
		return nil, err
	}
	told := map[string][]campaign.Number{}
	for _, c := range list {
		if w := d.house.webhookOf(&c.Campaign); w != nil {
			told[w.To] = append(told[w.To], c.Number)
		}
	}
	return told, nil
}

func apiWebhook(name, address string, o store.Outside) api.Webhook {
	w := api.Webhook{Name: name, Host: hostOf(address), State: api.WebhookWell, Error: o.Error}
	switch {
	case !o.Gone.IsZero():
		w.State, w.Since = api.WebhookGone, &o.Gone
	case !o.Failing.IsZero():
		w.State, w.Since = api.WebhookFailing, &o.Failing
	}
	if o.Held.After(time.Now()) {
		w.Until = &o.Held
	}
	return w
}

// hostOf is what may be shown of an address.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

func (d webhookDesk) Redeliver(ctx context.Context, name, id string, since time.Time) (int, error) {
	told, err := d.campaigns(ctx)
	if err != nil {
		return 0, err
	}
	if id != "" {
		c, err := d.house.store.Find(ctx, id)
		if err != nil {
			return 0, err
		}
		if !slices.Contains(told[name], c.Number) {
			return 0, api.Conflict(fmt.Sprintf("receiver %s is not told of campaign %q", name, id))
		}
		if _, err := d.house.store.TellAgain(ctx, c.Number, since); err != nil {
			return 0, err
		}
	}
	if err := d.house.store.NoteOutside(ctx, name, store.Outside{}); err != nil {
		return 0, err
	}
	return d.house.store.TellAnew(ctx, name, told[name])
}

// PassOn keeps what a person wrote for who is told of the campaign that last sent to them,
// or else of the account to which they wrote.
func (d webhookDesk) PassOn(ctx context.Context, r campaign.Receipt, stop bool) error {
	w := d.house.config.Accounts[r.Account].Webhook
	over, err := d.house.store.CampaignsOver(ctx, r.Account)
	tells := func(c *store.Campaign) bool { return d.house.webhookOf(&c.Campaign) != nil }
	if err != nil || w == nil && !slices.ContainsFunc(over, tells) {
		return err
	}
	about, err := d.house.store.LastMessageTo(ctx, over, r.Account, r.From)
	if err != nil {
		return err
	}
	if about != nil {
		c, err := d.house.store.Campaign(ctx, about.Number())
		if err != nil {
			return err
		}
		if own := d.house.webhookOf(c); own != nil {
			w = own
		}
	}
	if w == nil {
		return nil
	}
	return d.house.store.KeepInbound(ctx, w.To, r, w.Number, stop, about)
}

// webhookOf is who outside is told of a campaign, and what became of that; nil: nobody.
func (r register) webhookOf(ctx context.Context, st *store.Status) (*api.CampaignWebhook, error) {
	w := r.told(&st.Campaign.Campaign)
	if w == nil {
		return nil, nil
	}
	counts, err := r.ToldOf(ctx, st.Campaign.Number)
	return &api.CampaignWebhook{To: w.To, WebhookCounts: api.WebhookCounts(counts)}, err
}
