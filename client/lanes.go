package client

import "context"

// Lanes lists the lanes and what each waits for.
func (c *Client) Lanes(ctx context.Context) ([]Lane, error) {
	return lanes(ask[laneList](ctx, c, get("v1", "lanes")))
}

// PauseLane holds a lane for all campaigns. When it is answered nothing can start on it.
func (c *Client) PauseLane(ctx context.Context, lane, reason string) (Lane, error) {
	return change[Lane](ctx, c, reason, "v1", "lanes", lane, "pause")
}

// ResumeLane lets a paused lane go on.
func (c *Client) ResumeLane(ctx context.Context, lane, reason string) (Lane, error) {
	return change[Lane](ctx, c, reason, "v1", "lanes", lane, "resume")
}

// GoOn lets the waits of a lane go on that stand still because receipts stopped.
func (c *Client) GoOn(ctx context.Context, lane, reason string) (Lane, error) {
	return change[Lane](ctx, c, reason, "v1", "lanes", lane, "go-on")
}

// PauseAccount holds every lane of an account.
func (c *Client) PauseAccount(ctx context.Context, account, reason string) ([]Lane, error) {
	return lanes(change[laneList](ctx, c, reason, "v1", "accounts", account, "pause"))
}

// ResumeAccount lets an account go on, also one that paused itself. Lanes that were paused
// by themselves stay so.
func (c *Client) ResumeAccount(ctx context.Context, account, reason string) ([]Lane, error) {
	return lanes(change[laneList](ctx, c, reason, "v1", "accounts", account, "resume"))
}

// StopEverything ends all sending, until ResumeEverything.
func (c *Client) StopEverything(ctx context.Context, reason string) ([]Lane, error) {
	return lanes(change[laneList](ctx, c, reason, "v1", "stop"))
}

// ResumeEverything undoes a stop. What is paused besides stays so.
func (c *Client) ResumeEverything(ctx context.Context, reason string) ([]Lane, error) {
	return lanes(change[laneList](ctx, c, reason, "v1", "resume"))
}

// Audit gives up to limit of what people did, the latest first, from before a deed; "":
// from now, 0: as many as the server gives at once.
func (c *Client) Audit(ctx context.Context, before string, limit int) (Deeds, error) {
	return c.AuditPage(ctx, AuditQuery{Before: before, Limit: limit})
}

// AuditQuery says which deeds are wanted. Its zero value wants the latest.
type AuditQuery struct {
	By     string // only what this token's bearer did
	About  string // only what is about this campaign, lane or account
	What   string // only calls whose method and path hold this, as pause
	Before string // Deeds.Next of the page before
	Limit  int    // how many in a page; 0: 100
}

// AuditPage gives some of what people did, the latest first.
func (c *Client) AuditPage(ctx context.Context, q AuditQuery) (Deeds, error) {
	what := get("v1", "audit")
	what.query = query("by", q.By, "about", q.About, "what", q.What, "before", q.Before, "limit", number(q.Limit))
	return ask[Deeds](ctx, c, what)
}

type laneList struct {
	Lanes []Lane `json:"lanes"`
}

func lanes(list laneList, err error) ([]Lane, error) { return list.Lanes, err }
