package api

import (
	"net/http"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// Flow is a campaign's report with where its messages stand and how they came there, all
// from one snapshot: Accepted is what came to the first leg, and what came to a leg is what
// stands on it and what went on to the next.
type Flow struct {
	Report
	By        string    `json:"by,omitempty"`  // who brought it into its state
	Why       string    `json:"why,omitempty"` // and what for
	Importing bool      `json:"importing"`     // an import goes on
	Standing  bool      `json:"standing"`
	Flow      []FlowLeg `json:"flow"` // by leg
}

// FlowLeg is one leg of a route, and the messages that came to it.
type FlowLeg struct {
	Channel campaign.Channel `json:"channel"`
	Account string           `json:"account"`
	Wait    string           `json:"wait"`   // for a receipt, as in 30m
	Came    int              `json:"came"`   // messages that stand on this leg or went on from it
	Phases  map[string]int   `json:"phases"` // messages that stand on it, by phase; without those of none
	WentOn  int              `json:"went_on"`
	Read    int              `json:"read"` // attempts of it that were read
	// Escalated are the attempts of it that made way for another, by how they ended:
	// refused, undelivered, expired, rejected, timed_out. One that was delivered after all
	// is not among them, and one that a retry followed is.
	Escalated map[string]int `json:"escalated"`
}

// showFlow gives a campaign's numbers leg by leg.
func (s *Server) showFlow(w http.ResponseWriter, r *http.Request, _ Caller) error {
	st, err := s.campaigns.Status(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	lanes, err := s.lanes.Lanes(r.Context())
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, Flow{
		Report: s.report(st, lanes), By: st.By, Why: st.Why, Importing: st.Importing, Standing: st.Campaign.Standing, Flow: flowOf(st),
	})
}

func flowOf(st Status) []FlowLeg {
	legs := make([]FlowLeg, len(st.Campaign.Route))
	came := 0
	for i := len(legs) - 1; i >= 0; i-- {
		leg := st.Campaign.Route[i]
		f := FlowLeg{Channel: leg.Channel, Account: leg.Account, Wait: campaign.FormatDuration(leg.Wait), WentOn: came, Phases: map[string]int{}, Escalated: map[string]int{}}
		for _, p := range fallback.Phases() {
			n := st.Counts[fallback.Count{What: fallback.InPhase, Leg: uint8(i), By: uint8(p)}]
			if came += n; n != 0 {
				f.Phases[p.String()] = n
			}
		}
		for end := fallback.End(1); end.Known(); end++ {
			if n := st.Counts[fallback.Count{What: fallback.Escalated, Leg: uint8(i), By: uint8(end)}]; n != 0 {
				f.Escalated[end.String()] = n
			}
		}
		f.Came, f.Read = came, st.Counts[fallback.Count{What: fallback.LegRead, Leg: uint8(i)}]
		legs[i] = f
	}
	return legs
}

// showFile gives a campaign as it was entered, with what was changed since.
func (s *Server) showFile(w http.ResponseWriter, r *http.Request, _ Caller) error {
	st, err := s.campaigns.Status(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, st.Campaign)
}

// showImports gives the reports of a campaign's imports.
func (s *Server) showImports(w http.ResponseWriter, r *http.Request, _ Caller) error {
	st, err := s.campaigns.Status(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	reports, err := s.campaigns.Imports(r.Context(), st.Number)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, ImportList{append([]campaign.ImportReport{}, reports...)})
}
