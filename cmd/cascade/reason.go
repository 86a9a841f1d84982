package main

import (
	"github.com/hibiken/asynq"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
)

// reason says in one line why a campaign is not moving, or what it does.
func (h *house) reason(v *view) string {
	s := api.Snapshot{Status: apiStatus(v.status), Now: v.at}
	for l, st := range v.lanes {
		configured, _ := h.config.Accounts.Lane(l)
		configured.Lane = l
		lane := apiLane(configured, st, v.at)
		lane.Unserved = !v.served[l]
		hush(&lane, v.silences, l)
		s.Lanes = append(s.Lanes, lane)
	}
	return api.Reason(s)
}

// served says which lanes some worker takes jobs from.
func (h *house) served() (map[campaign.Lane]bool, error) {
	lanes := map[campaign.Lane]bool{}
	serving, err := h.serving()
	for l, n := range serving {
		lanes[l] = n > 0
	}
	return lanes, err
}

// serving says how many processes take jobs of each lane, by what the asynq servers say
// of themselves every few seconds.
func (h *house) serving() (map[campaign.Lane]int, error) {
	servers, err := asynq.NewInspectorFromRedisClient(h.queue).Servers()
	if err != nil {
		return nil, err
	}
	lanes := map[campaign.Lane]int{}
	for _, s := range servers {
		for queue := range s.Queues {
			if l, err := campaign.ParseLane(queue); err == nil && s.Status == "active" {
				lanes[l]++
			}
		}
	}
	return lanes, nil
}
