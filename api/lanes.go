package api

import (
	"net/http"

	"github.com/seed-438792ba/cascade/campaign"
)

func (s *Server) listLanes(w http.ResponseWriter, r *http.Request, _ Caller) error {
	lanes, err := s.lanes.Lanes(r.Context())
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, LaneList{append([]Lane{}, lanes...)})
}

// pauseLane stops a lane for all workers, and answers when nothing can start on it any
// more.
func (s *Server) pauseLane(w http.ResponseWriter, r *http.Request, by Caller) error {
	return s.turnLane(w, r, func(l campaign.Lane, why string) error {
		return s.lanes.Pause(r.Context(), l, by.Name, why)
	})
}

func (s *Server) resumeLane(w http.ResponseWriter, r *http.Request, by Caller) error {
	return s.turnLane(w, r, func(l campaign.Lane, _ string) error {
		return s.lanes.Resume(r.Context(), l, by.Name)
	})
}

// turnLane does something with a lane that is there, and answers with how it then stands.
func (s *Server) turnLane(w http.ResponseWriter, r *http.Request, do func(l campaign.Lane, why string) error) error {
	l, err := campaign.ParseLane(r.PathValue("lane"))
	if err != nil {
		return notFound.because("there is no such lane: its name is account.channel, as in qlara.whatsapp")
	}
	if _, err := s.lane(r, l); err != nil {
		return err
	}
	o, err := readOrder(r)
	if err != nil {
		return err
	}
	if err := do(l, o.Reason); err != nil {
		return err
	}
	lane, err := s.lane(r, l)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, lane)
}

func (s *Server) lane(r *http.Request, l campaign.Lane) (Lane, error) {
	lanes, err := s.lanes.Lanes(r.Context())
	if err != nil {
		return Lane{}, err
	}
	for _, lane := range lanes {
		if lane.Name == l.String() {
			return lane, nil
		}
	}
	return Lane{}, notFound.because("there is no such lane: GET /v1/lanes lists them")
}
