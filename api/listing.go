package api

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// mostCampaigns bounds a page of the list, and listStep how many are looked at together.
const (
	mostCampaigns = 1000
	listStep      = 200
)

// listing is what is asked of the list of campaigns.
type listing struct {
	after  string   // ids behind this one
	text   string   // that the id holds, in whatever case
	states []string // none: any
	limit  int      // 0: all
}

// listCampaigns lists campaigns by id. Without a limit it gives all of them, as it always
// did.
func (s *Server) listCampaigns(w http.ResponseWriter, r *http.Request, _ Caller) error {
	l, err := readListing(r)
	if err != nil {
		return err
	}
	found, next, err := s.list(r.Context(), l)
	if err != nil {
		return err
	}
	lanes, err := s.lanes.Lanes(r.Context())
	if err != nil {
		return err
	}
	answer := CampaignList{Campaigns: make([]Report, len(found)), Next: next}
	for i, st := range found {
		answer.Campaigns[i] = s.report(st, lanes)
	}
	return reply(w, http.StatusOK, answer)
}

// allStates are those by which the list may be asked for.
var allStates = []string{stateDraft, stateReady, stateRunning, statePaused, stateCancelled, stateFinished}

func readListing(r *http.Request) (l listing, err error) {
	q := r.URL.Query()
	l.after, l.text = q.Get("after"), strings.ToLower(q.Get("q"))
	if states := q.Get("state"); states != "" {
		l.states = strings.Split(states, ",")
	}
	for _, state := range l.states {
		if !slices.Contains(allStates, state) {
			return l, malformed.because("want the query state as some of " + strings.Join(allStates, ", "))
		}
	}
	l.limit, err = readLimit(r, 0, mostCampaigns)
	return l, err
}

// readLimit reads how many of something are wanted.
func readLimit(r *http.Request, without, most int) (int, error) {
	text := r.URL.Query().Get("limit")
	if text == "" {
		return without, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return 0, malformed.because("want the query limit as a number from 1 to " + strconv.Itoa(most))
	}
	return n, nil
}

// list looks at campaigns, some at a time, until there are enough of those that are wanted.
func (s *Server) list(ctx context.Context, l listing) (found []Status, next string, err error) {
	ids, err := s.campaigns.IDs(ctx)
	if err != nil {
		return nil, "", err
	}
	ids = slices.DeleteFunc(ids, func(id string) bool {
		return id <= l.after && l.after != "" || !strings.Contains(strings.ToLower(id), l.text)
	})
	for some := range slices.Chunk(ids, listStep) {
		list, err := s.campaigns.Statuses(ctx, some)
		if err != nil {
			return nil, "", err
		}
		for _, st := range list {
			if len(l.states) > 0 && !slices.Contains(l.states, st.Summary.State) {
				continue
			}
			if l.limit > 0 && len(found) == l.limit {
				return found, found[len(found)-1].Campaign.ID, nil
			}
			found = append(found, st)
		}
	}
	return found, "", nil
}
