package main

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/config"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/ratelimit"
	"github.com/seed-438792ba/cascade/store"
	"github.com/seed-438792ba/cascade/traces"
)

// register is the API's way to the campaigns.
type register struct {
	*store.Store
	nudge  func()                                     // wakes the scheduler: something may be due now
	told   func(*campaign.Campaign) *campaign.Webhook // who outside is told of a campaign
	traces *traces.Traces
}

func (h *house) register() register {
	return register{h.store, func() { h.bell.Ring(nudgeBell) }, h.webhookOf, h.traces}
}

func (r register) Create(ctx context.Context, c campaign.Campaign) (bool, error) {
	_, err := r.Find(ctx, c.ID)
	created := errors.Is(err, fallback.ErrNoCampaign)
	if err != nil && !created {
		return false, err
	}
	_, err = r.Store.Create(ctx, c)
	return created, err
}

func (r register) Statuses(ctx context.Context, ids []string) ([]api.Status, error) {
	list, err := r.Store.Statuses(ctx, ids)
	all := make([]api.Status, len(list))
	for i, st := range list {
		all[i] = apiStatus(st)
	}
	return all, err
}

func (r register) Status(ctx context.Context, id string) (api.Status, error) {
	st, err := r.Store.Status(ctx, id)
	if err != nil {
		return api.Status{}, err
	}
	answer := apiStatus(st)
	answer.Webhook, err = r.webhookOf(ctx, st)
	return answer, err
}

func apiStatus(st *store.Status) api.Status {
	return api.Status{
		Campaign: &st.Campaign.Campaign, Number: st.Campaign.Number, Summary: st.Summary(), Counts: st.Counts,
		Importing: st.Importing, By: st.By, Why: st.Why,
	}
}

func (r register) Import(ctx context.Context, id string, rows api.Rows) (campaign.ImportReport, error) {
	ctx, end := r.traces.Import(ctx, id, r.IDKey().Number(id))
	report, err := r.Store.Import(ctx, id, rows, store.Watcher{})
	end(report, err)
	return report, err
}

func (r register) Add(ctx context.Context, list []campaign.Message) ([]campaign.MessageResult, error) {
	results, err := r.Store.Add(ctx, list)
	r.traces.Taken(ctx, results)
	r.nudge()
	return results, err
}

func (r register) Start(ctx context.Context, id, by string) error {
	err := r.Store.Start(ctx, id, by)
	r.nudge()
	return err
}

func (r register) Resume(ctx context.Context, id, by string) error {
	err := r.Store.Resume(ctx, id, by)
	r.nudge()
	return err
}

func (r register) Cancel(ctx context.Context, id, by, why string) (int, error) {
	n, err := r.Store.Cancel(ctx, id, by, why)
	r.nudge()
	return n, err
}

// explain tells what the ledger's own errors mean to a caller of the API.
func explain(err error) *api.Problem {
	var different *store.DifferentError
	var state *store.WrongStateError
	switch {
	case errors.As(err, &different):
		return api.Different(different.Error(), different.Differences)
	case errors.As(err, &state):
		return api.Conflict(state.Error())
	case errors.Is(err, store.ErrCancelled):
		return api.Conflict(err.Error())
	case errors.Is(err, store.ErrTooManyNames), errors.Is(err, store.ErrExcludesNobody), errors.Is(err, store.ErrDraftChanged):
		return api.Conflict(err.Error())
	case errors.Is(err, store.ErrRedisFull):
		return api.Full(err.Error())
	case errors.Is(err, store.ErrNoPlace):
		return api.Malformed(err.Error())
	}
	return nil
}

// laneDesk is the API's way to the lanes.
type laneDesk struct{ house *house }

func (d laneDesk) Lanes(ctx context.Context) ([]api.Lane, error) {
	found, err := d.house.limiter.Status(ctx, d.house.laneQueries())
	if err != nil {
		return nil, err
	}
	served, err := d.house.served()
	if err != nil {
		return nil, err
	}
	silences, err := d.house.hearing.Silences(ctx)
	if err != nil {
		return nil, err
	}
	answered, err := d.house.answered(ctx)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	lanes := make([]api.Lane, len(found))
	for i, st := range found {
		lanes[i] = apiLane(d.house.lanes[i], st, now)
		lanes[i].Unserved = !served[d.house.lanes[i].Lane]
		lanes[i].AnswerP95 = milliseconds(answered[lanes[i].Name].Quantile(slowest))
		hush(&lanes[i], silences, d.house.lanes[i].Lane)
	}
	return lanes, nil
}

// laneStates are the limiter's causes, as the API names them.
var laneStates = map[ratelimit.Cause]api.LaneState{
	ratelimit.None: api.LaneFree, ratelimit.AtLimit: api.LaneLimit, ratelimit.Starting: api.LaneGentle,
	ratelimit.Held: api.LaneHeld, ratelimit.Paused: api.LanePaused, ratelimit.TooSlow: api.LaneHeld,
}

func apiLane(l config.Lane, st ratelimit.Status, now time.Time) api.Lane {
	lane := api.Lane{
		Name: l.Lane.String(), State: laneStates[st.Cause], Reason: st.Reason, By: st.By, Observed: st.Booked,
		Limits: written(l.Limits), AccountLimits: written(l.AccountLimits), Concurrency: l.Concurrency, Gentle: st.Gentle,
	}
	switch {
	case st.Kind == ratelimit.AccountKind: // the account's own, whatever the lane's
		lane.PerSecond = ratelimit.Limits(l.AccountLimits).PerSecond()
	default:
		lane.PerSecond = st.PerSecond
	}
	if math.IsInf(lane.PerSecond, 1) {
		lane.PerSecond = 0
	}
	if st.Kind != "" && st.Kind != ratelimit.LaneKind {
		lane.Scope = string(st.Kind) + " " + st.Name
	}
	if !st.Since.IsZero() {
		lane.Since = &st.Since
	}
	if st.Cause == ratelimit.Held {
		until := now.Add(st.Wait)
		lane.Until = &until
	}
	return lane
}

func milliseconds(d time.Duration) int { return int(d.Round(time.Millisecond).Milliseconds()) }

func written(limits []campaign.Limit) (list []string) {
	for _, l := range limits {
		list = append(list, l.String())
	}
	return list
}

// hush says that a lane's waits stand still, if they do.
func hush(lane *api.Lane, silences map[campaign.Lane]store.Silence, l campaign.Lane) {
	s, silent := silences[l]
	if !silent {
		return
	}
	lane.ReceiptsStopped, lane.WaitsUntil = &s.Since, &s.Until
	if !s.Back.IsZero() {
		lane.ReceiptsBack = &s.Back
	}
}

func (d laneDesk) GoOn(ctx context.Context, l campaign.Lane, _ string) error {
	return d.house.hearing.GoOn(ctx, l)
}

func (d laneDesk) Pause(ctx context.Context, l campaign.Lane, by, why string) error {
	return d.house.limiter.Pause(ctx, place(l), why, by)
}

// place is the scope of a lane, of a whole account, or of everything.
func place(l campaign.Lane) ratelimit.Scope {
	switch {
	case l == campaign.Lane{}:
		return ratelimit.Everything()
	case l.Channel == 0:
		return ratelimit.Account(l.Account)
	}
	return ratelimit.Lane(l)
}

func (d laneDesk) Resume(ctx context.Context, l campaign.Lane, _ string) error {
	scope := place(l)
	err := d.house.store.NoteResumed(ctx, scope.Name)
	if err == nil {
		err = d.house.limiter.Release(ctx, scope)
	}
	d.house.bell.Ring(nudgeBell)
	return err
}
