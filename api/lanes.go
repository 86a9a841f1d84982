package api

import (
	"net/http"
	"slices"
	"strings"

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
	return s.turnLane(w, r, by, s.pause)
}

func (s *Server) resumeLane(w http.ResponseWriter, r *http.Request, by Caller) error {
	return s.turnLane(w, r, by, s.resume)
}

// turn pauses or resumes a lane, an account or everything.
type turn func(r *http.Request, l campaign.Lane, by Caller, why string) error

func (s *Server) pause(r *http.Request, l campaign.Lane, by Caller, why string) error {
	return s.lanes.Pause(r.Context(), l, by.Name, why)
}

func (s *Server) resume(r *http.Request, l campaign.Lane, by Caller, _ string) error {
	return s.lanes.Resume(r.Context(), l, by.Name)
}

// goOn lets the waits of a lane go on whose receipts stopped.
func (s *Server) goOn(w http.ResponseWriter, r *http.Request, by Caller) error {
	return s.turnLane(w, r, by, func(r *http.Request, l campaign.Lane, by Caller, why string) error {
		s.log.Info("waits go on by a person's word", "lane", l.String(), "by", by.Name, "reason", why)
		return s.lanes.GoOn(r.Context(), l, by.Name)
	})
}

// turnLane does something with a lane that is there, and answers with how it then stands.
func (s *Server) turnLane(w http.ResponseWriter, r *http.Request, by Caller, do turn) error {
	l, err := campaign.ParseLane(r.PathValue("lane"))
	if err != nil {
		return notFound.because("there is no such lane: its name is account.channel, as in main.whatsapp")
	}
	name := l.String()
	lanes, err := s.turn(r, by, l, func(lane Lane) bool { return lane.Name == name }, do)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, lanes[0])
}

// pauseAccount stops every lane of an account.
func (s *Server) pauseAccount(w http.ResponseWriter, r *http.Request, by Caller) error {
	return s.turnAccount(w, r, by, s.pause)
}

// resumeAccount lets an account go on that was paused as a whole, by somebody or by
// itself. Lanes of it that were paused by themselves stay so.
func (s *Server) resumeAccount(w http.ResponseWriter, r *http.Request, by Caller) error {
	return s.turnAccount(w, r, by, s.resume)
}

func (s *Server) turnAccount(w http.ResponseWriter, r *http.Request, by Caller, do turn) error {
	account := r.PathValue("account")
	lanes, err := s.turn(r, by, campaign.Lane{Account: account}, func(l Lane) bool { return strings.HasPrefix(l.Name, account+".") }, do)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, LaneList{lanes})
}

// stopEverything is the one switch that ends all sending, until everything is resumed.
func (s *Server) stopEverything(w http.ResponseWriter, r *http.Request, by Caller) error {
	return s.turnEverything(w, r, by, s.pause)
}

// resumeEverything undoes a stop. What is paused besides stays so.
func (s *Server) resumeEverything(w http.ResponseWriter, r *http.Request, by Caller) error {
	return s.turnEverything(w, r, by, s.resume)
}

func (s *Server) turnEverything(w http.ResponseWriter, r *http.Request, by Caller, do turn) error {
	lanes, err := s.turn(r, by, campaign.Lane{}, func(Lane) bool { return true }, do)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, LaneList{lanes})
}

// turn does something with a lane, an account or everything, and gives how the lanes
// that it concerns then stand. It is refused if it concerns none.
func (s *Server) turn(r *http.Request, by Caller, l campaign.Lane, concerns func(Lane) bool, do turn) ([]Lane, error) {
	before, err := s.lanes.Lanes(r.Context())
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(before, concerns) {
		return nil, notFound.because("there is no such lane or account: GET /v1/lanes lists them")
	}
	o, err := readOrder(r, by)
	if err != nil {
		return nil, err
	}
	if err := do(r, l, by, o.Reason); err != nil {
		return nil, err
	}
	after, err := s.lanes.Lanes(r.Context())
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(after, func(l Lane) bool { return !concerns(l) }), nil
}
