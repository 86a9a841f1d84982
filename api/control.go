package api

import (
	"context"
	"net/http"
)

func (s *Server) startCampaign(w http.ResponseWriter, r *http.Request, by Caller) error {
	return run(w, r, by, s.campaigns.Start)
}

func (s *Server) resumeCampaign(w http.ResponseWriter, r *http.Request, by Caller) error {
	return run(w, r, by, s.campaigns.Resume)
}

func (s *Server) pauseCampaign(w http.ResponseWriter, r *http.Request, by Caller) error {
	return stop(w, r, by, statePaused, s.campaigns.Pause)
}

func (s *Server) cancelCampaign(w http.ResponseWriter, r *http.Request, by Caller) error {
	return stop(w, r, by, stateCancelled, s.campaigns.Cancel)
}

func run(w http.ResponseWriter, r *http.Request, by Caller, do func(ctx context.Context, id, by string) error) error {
	if _, err := readOrder(r, by); err != nil {
		return err
	}
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
