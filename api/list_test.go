package api_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/store/redistest"
)

// pages asks for all pages of a list, and says how many there were.
func (h *house) pages(token, query string) (list []api.FoundMessage, pages int) {
	h.t.Helper()
	for after := ""; ; {
		var page api.MessageList
		h.want(query, h.get("/v1/campaigns/spring/messages?"+query+"&after="+url.QueryEscape(after), token), 200).into(h.t, &page)
		list, pages = append(list, page.Messages...), pages+1
		if after = page.Next; after == "" {
			return list, pages
		}
		if pages > 1000 {
			h.t.Fatalf("%s: no end of pages", query)
		}
	}
}

func TestMessagesAreListedPageByPage(t *testing.T) {
	redistest.Each(t, func(t *testing.T, client redis.UniversalClient) {
		const people = 2000
		h := openOn(t, client)
		h.running(people)
		for i := range 3 {
			h.waitOn(h.message(i), i)
		}
		h.judge(h.record(h.message(2)), fallback.OnAlarm) // the last leg's silence
		all, pages := h.pages(viewer, "limit=100")
		seen := map[campaign.MessageID]bool{}
		for _, m := range all {
			seen[m.Message] = true
			if !strings.Contains(m.Destination, "*") {
				t.Fatalf("a viewer is shown %s", m.Destination)
			}
		}
		if len(seen) != people {
			t.Errorf("%d pages have %d messages, want %d", pages, len(seen), people)
		}
		if strings.HasSuffix(t.Name(), "/real") && pages < 5 { // miniredis gives all at once
			t.Errorf("2,000 messages in %d pages of 100", pages)
		}
		for query, want := range map[string][]int{
			"phase=waiting":                   {0, 1},
			"phase=waiting&channel=rcs":       {1},
			"phase=waiting&phase=unconfirmed": {0, 1, 2},
			"channel=sms&reason=timed_out":    {2},
			"channel=sms&reason=nonsense":     {},
			"phase=delivered":                 {},
		} {
			got := map[campaign.MessageID]bool{}
			list, _ := h.pages(admin, query)
			for _, m := range list {
				got[m.Message] = true
			}
			for _, i := range want {
				if !got[h.message(i)] {
					t.Errorf("%s lacks message %d", query, i)
				}
			}
			if len(got) != len(want) {
				t.Errorf("%s: %d messages, want %d", query, len(got), len(want))
			}
		}
		if list, _ := h.pages(admin, "phase=unconfirmed"); len(list) != 1 || list[0].Destination != person(2).E164() || list[0].Reason == "" {
			t.Errorf("an admin is shown %+v", list)
		}
	})
}

func TestAListRefuses(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(1)
	for _, query := range []string{"limit=0", "limit=1001", "limit=x", "phase=lost", "channel=fax", "after=x", "after=0-99999999999999999999", "after=-1-0"} {
		h.want(query, h.get("/v1/campaigns/spring/messages?"+query, viewer), 400)
	}
	h.want("no campaign", h.get("/v1/campaigns/none/messages", viewer), 404)
	var page api.MessageList
	h.want("a cursor behind the end", h.get("/v1/campaigns/spring/messages?after=77-0", viewer), 200).into(t, &page)
	if page.Messages == nil || len(page.Messages) != 0 || page.Next != "" {
		t.Errorf("behind the end: %+v, want an empty page", page)
	}
}

// crowd is a campaign of a million, none of whom a filter fits.
type crowd struct {
	register
	looked *int
}

func (c crowd) Page(_ context.Context, _ campaign.Number, cursor string, most int) ([]fallback.Record, string, error) {
	*c.looked += most
	records := make([]fallback.Record, most)
	for i := range records {
		records[i].ID, records[i].Stamp = campaign.IDKey{}.Message("spring", "+393401000000", ""), 1
	}
	return records, "0-7", nil
}

// TestAPageOfAMillionLooksAtFew counts the records that one page looks at.
func TestAPageOfAMillionLooksAtFew(t *testing.T) {
	t.Parallel()
	looked := 0
	h := open(t, func(o *api.Options) { o.Campaigns = crowd{o.Campaigns.(register), &looked} })
	h.running(1)
	var page api.MessageList
	h.want("none fits", h.get("/v1/campaigns/spring/messages?phase=failed&limit=10", viewer), 200).into(t, &page)
	if looked > 12_000 || page.Next == "" || len(page.Messages) > 0 {
		t.Errorf("looked at %d records for %+v", looked, page)
	}
	looked = 0
	h.want("all fit", h.get("/v1/campaigns/spring/messages?limit=10", viewer), 200).into(t, &page)
	if looked != 10 || len(page.Messages) != 10 {
		t.Errorf("looked at %d records for %d messages, want 10 for 10", looked, len(page.Messages))
	}
}

func TestTheSuppressedAreCounted(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.want("add", h.do("POST", "/v1/suppressions", operator, jsonType, about("", 0, 1, 2)), 200)
	var got api.SuppressedCount
	if h.want("count", h.get("/v1/suppressions", viewer), 200).into(t, &got); got.People != 3 {
		t.Errorf("%d people, want 3", got.People)
	}
}
