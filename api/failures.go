package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// What keeps the count of failures within bounds: it reads every record of the campaign,
// so it is made once for all who ask, and believed for a while that grows with what it
// took.
const (
	failuresFor   = 5 * time.Second
	failuresTimes = 20 // of what it took
	mostFailures  = 100
	mostKept      = 64 // campaigns of which it is remembered
)

// countFailures says for which reasons a campaign's messages came to nothing.
func (s *Server) countFailures(w http.ResponseWriter, r *http.Request, _ Caller) error {
	st, err := s.campaigns.Status(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	untimed(w)
	found, err := s.failures.of(r.Context(), st, s)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, found)
}

// failures are what was counted last, by campaign.
type failures struct {
	mu   sync.Mutex
	kept map[campaign.Number]*counted
}

// counted is one campaign's; its lock is held while it is counted.
type counted struct {
	mu    sync.Mutex
	list  FailureList
	until time.Time
}

func (f *failures) of(ctx context.Context, st Status, s *Server) (FailureList, error) {
	c := f.find(st.Number)
	c.mu.Lock()
	defer c.mu.Unlock()
	began := s.now()
	if began.Before(c.until) {
		return c.list, nil
	}
	list, err := s.failed(ctx, st)
	if err != nil {
		return list, err
	}
	took := s.now().Sub(began)
	c.list, c.until = list, s.now().Add(max(failuresFor, failuresTimes*took))
	return list, nil
}

func (f *failures) find(n campaign.Number) *counted {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.kept == nil || len(f.kept) >= mostKept {
		f.kept = map[campaign.Number]*counted{}
	}
	if f.kept[n] == nil {
		f.kept[n] = &counted{}
	}
	return f.kept[n]
}

// failed looks at every record.
func (s *Server) failed(ctx context.Context, st Status) (FailureList, error) {
	type kind struct{ phase, reason string }
	list := FailureList{AsOf: s.now().UTC(), Failures: []Failure{}}
	by := map[kind]*Failure{}
	ends := endings{}
	told := map[campaign.MessageID]struct{}{} // for the ledger may give a record twice
	err := s.campaigns.Each(ctx, st.Number, func(r *fallback.Record) error {
		failed := slices.Contains(retriable, r.State.Phase)
		if _, again := told[r.ID]; again || !failed && !slices.ContainsFunc(r.History, func(a fallback.Attempt) bool { return unreached(&a) }) {
			return nil
		}
		told[r.ID] = struct{}{}
		if ends.count(st.Campaign, r); !failed {
			return nil
		}
		list.Messages++
		k := kind{r.State.Phase.String(), reasonAtLast(r)}
		if by[k] == nil {
			f := &Failure{Phase: k.phase, Reason: k.reason}
			if why := endOf(r); why != nil {
				code := s.codes.of(st.Campaign, why)
				f.Channel, f.Account, f.Meaning, f.Mend = st.Campaign.Route[why.Leg].Channel, st.Campaign.Route[why.Leg].Account, code.Meaning, code.Mend
			}
			by[k] = f
		}
		by[k].Messages++
		return nil
	})
	list.Attempts, list.Besides = ends.list(s.codes)
	for _, f := range by {
		list.Failures = append(list.Failures, *f)
	}
	slices.SortFunc(list.Failures, func(a, b Failure) int {
		return cmp.Or(cmp.Compare(b.Messages, a.Messages), cmp.Compare(a.Phase, b.Phase), cmp.Compare(a.Reason, b.Reason))
	})
	for len(list.Failures) > mostFailures {
		last := len(list.Failures) - 1
		list.Others += list.Failures[last].Messages
		list.Failures = list.Failures[:last]
	}
	return list, err
}
