package api_test

import (
	"context"
	"errors"
	"sync"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/store"
)

// register makes api.Campaigns of a store.
type register struct{ *store.Store }

func (r register) Create(ctx context.Context, c campaign.Campaign) (created bool, err error) {
	_, err = r.Find(ctx, c.ID)
	created = errors.Is(err, fallback.ErrNoCampaign)
	_, err = r.Store.Create(ctx, c)
	return created, err
}

func (r register) Status(ctx context.Context, id string) (api.Status, error) {
	st, err := r.Store.Status(ctx, id)
	if err != nil {
		return api.Status{}, err
	}
	return apiStatus(st), nil
}

func (r register) Statuses(ctx context.Context, ids []string) ([]api.Status, error) {
	list, err := r.Store.Statuses(ctx, ids)
	all := make([]api.Status, len(list))
	for i, st := range list {
		all[i] = apiStatus(st)
	}
	return all, err
}

func apiStatus(st *store.Status) api.Status {
	return api.Status{
		Campaign: &st.Campaign.Campaign, Number: st.Campaign.Number, Summary: st.Summary(), Counts: st.Counts,
		Importing: st.Importing, By: st.By, Why: st.Why,
	}
}

func (r register) Import(ctx context.Context, id string, rows api.Rows) (campaign.ImportReport, error) {
	return r.Store.Import(ctx, id, rows, store.Watcher{})
}

func explain(err error) *api.Problem {
	var differs *store.DifferentError
	var wrong *store.WrongStateError
	switch {
	case errors.As(err, &differs):
		return api.Different(differs.Error(), differs.Differences)
	case errors.As(err, &wrong):
		return api.Conflict(wrong.Error())
	case errors.Is(err, store.ErrCancelled):
		return api.Conflict(err.Error())
	case errors.Is(err, store.ErrTooManyNames), errors.Is(err, store.ErrExcludesNobody), errors.Is(err, store.ErrDraftChanged):
		return api.Conflict(err.Error())
	case errors.Is(err, store.ErrNoPlace):
		return api.Malformed(err.Error())
	case errors.Is(err, store.ErrRedisFull):
		return api.Full(err.Error())
	}
	return nil
}

// lanes are three lanes that remember who paused them.
type lanes struct {
	mu     sync.Mutex
	paused map[campaign.Lane]api.Lane // also accounts and everything
}

func (l *lanes) Lanes(context.Context) ([]api.Lane, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []api.Lane
	for _, channel := range campaign.Channels() {
		lane := api.Lane{Name: "qlara." + channel.String(), State: api.LaneFree, PerSecond: 80}
		for _, place := range []campaign.Lane{{Account: "qlara", Channel: channel}, {Account: "qlara"}, {}} {
			if p, found := l.paused[place]; found {
				lane.State, lane.By, lane.Reason = api.LanePaused, p.By, p.Reason
			}
		}
		all = append(all, lane)
	}
	return all, nil
}

func (l *lanes) Pause(_ context.Context, lane campaign.Lane, by, why string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.paused[lane] = api.Lane{By: by, Reason: why}
	return nil
}

func (l *lanes) GoOn(_ context.Context, lane campaign.Lane, by string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.paused[lane] = api.Lane{By: by, Reason: "goes on"}
	return nil
}

func (l *lanes) Resume(_ context.Context, lane campaign.Lane, _ string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.paused, lane)
	return nil
}

// fullRegister is a register whose Redis is nearly full.
type fullRegister struct{ register }

func (fullRegister) Add(context.Context, []campaign.Message) ([]campaign.MessageResult, error) {
	return nil, store.ErrRedisFull
}

func (fullRegister) Import(context.Context, string, api.Rows) (campaign.ImportReport, error) {
	return campaign.ImportReport{}, store.ErrRedisFull
}
