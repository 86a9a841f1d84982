package main

import (
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/client"
)

func TestReceiversAreShown(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 14, 20, 1, 0, time.UTC)
	var out strings.Builder
	showWebhooks(&out, []client.Webhook{
		{Name: "crm", Host: "crm.example.com", State: "failing", Error: "it answered 503", Since: &at, WebhookCounts: client.WebhookCounts{Waiting: 1204, Delivered: 38112}},
		{Name: "shop", Host: "shop.example.com", State: "well"},
	})
	const want = `WEBHOOK  HOST              STATE    WAITING  DELIVERED  GIVEN UP  DROPPED  WHY
crm      crm.example.com   failing  1 204    38 112     0         0        since 2026-11-20 14:20:01 UTC: it answered 503
shop     shop.example.com  well     0        0          0         0        
`
	if out.String() != want {
		t.Errorf("shown as\n%s\nwant\n%s", out.String(), want)
	}
}
