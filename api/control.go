package api

import (
	"context"
	"fmt"
	"net/http"
)

func (s *Server) startCampaign(w http.ResponseWriter, r *http.Request, by Caller) error {
	var order StartOrder
	if err := decode(r, &order, `{"accepted": 5000, "reason": "…"}`); err != nil {
		return err
	}
	by.because(order.Reason)
	if order.Accepted != nil {
		st, err := s.campaigns.Status(r.Context(), r.PathValue("id"))
		if err != nil {
			return err
		}
		if now := st.Summary.Accepted; now != *order.Accepted {
			return changed.because(fmt.Sprintf("the campaign has %d messages now, which is not what you were shown: look at it again. Nothing was done", now))
		}
	}
	return run(w, r, by, s.campaigns.Start)
}

func (s *Server) resumeCampaign(w http.ResponseWriter, r *http.Request, by Caller) error {
	if _, err := readOrder(r, by); err != nil {
		return err
	}
	return run(w, r, by, s.campaigns.Resume)
}

func (s *Server) pauseCampaign(w http.ResponseWriter, r *http.Request, by Caller) error {
	return stop(w, r, by, statePaused, s.campaigns.Pause)
}

func (s *Server) cancelCampaign(w http.ResponseWriter, r *http.Request, by Caller) error {
	return stop(w, r, by, stateCancelled, s.campaigns.Cancel)
}

func run(w http.ResponseWriter, r *http.Request, by Caller, do func(ctx context.Context, id, by string) error) error {
	if err := do(r.Context(), r.PathValue("id"), by.Name); err != nil {
		return err
	}
	return reply(w, http.StatusOK, StateAnswer{State: stateRunning})
}

func stop(w http.ResponseWriter, r *http.Request, by Caller, to string, do func(ctx context.Context, id, by, why string) (int, error)) error {
	o, err := readOrder(r, by)
	if err != nil {
		return err
	}
	inFlight, err := do(r.Context(), r.PathValue("id"), by.Name, o.Reason)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, StateAnswer{to, &inFlight})
}
