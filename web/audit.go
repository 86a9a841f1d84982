package web

import (
	"context"
	"net/url"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/client"
)

// auditPlace is who did what, when and why.
var auditPlace = page{path: "/audit", template: "audit", title: "Audit", role: api.Viewer, read: readAudit}

type auditPage struct {
	client.Deeds
	Query client.AuditQuery
}

const deedsOnAPage = 50

func readAudit(ctx context.Context, v *visit) (any, error) {
	q := client.AuditQuery{By: v.query("by"), About: v.query("about"), What: v.query("what"), Before: v.query("before"), Limit: deedsOnAPage}
	found, err := v.AuditPage(ctx, q)
	return auditPage{found, q}, err
}

// Earlier is the address of the next page, of deeds that were done before these; "": there is
// none.
func (p auditPage) Earlier() string {
	if p.Next == "" {
		return ""
	}
	return "?" + p.query("before", p.Next)
}

// Latest is the address of the first page.
func (p auditPage) Latest() string { return "?" + p.query("", "") }

func (p auditPage) query(name, value string) string {
	q := url.Values{}
	for k, v := range map[string]string{"by": p.Query.By, "about": p.Query.About, "what": p.Query.What, name: value} {
		if v != "" {
			q.Set(k, v)
		}
	}
	return q.Encode()
}
