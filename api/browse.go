package api

import (
	"net/http"
	"slices"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// A page of a campaign's messages: how many it has, and at how many records it looks for
// them, so that it costs the same in a campaign of a million.
const (
	messagesAtOnce = 50
	mostAtOnce     = 1000
	mostLooked     = 5000
)

// listMessages gives a campaign's messages page by page, in no order.
func (s *Server) listMessages(w http.ResponseWriter, r *http.Request, by Caller) error {
	wanted, err := readFilter(r)
	if err != nil {
		return err
	}
	limit, err := readLimit(r, messagesAtOnce, mostAtOnce)
	if err != nil {
		return err
	}
	st, err := s.campaigns.Status(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	page := MessagePage{Messages: []FoundMessage{}}
	page.Next, err = s.campaigns.Browse(r.Context(), st.Number, r.URL.Query().Get("after"), func(record *fallback.Record) bool {
		page.Looked++
		if wanted.holds(st.Campaign, record) {
			page.Messages = append(page.Messages, s.found(st.Campaign, record, by))
		}
		return len(page.Messages) < limit && page.Looked < mostLooked
	})
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, page)
}

// filter says which messages are wanted; what is left out is not asked for.
type filter struct {
	phases   []fallback.Phase
	channels []campaign.Channel // on which they stand
	reasons  []string
}

func readFilter(r *http.Request) (f filter, err error) {
	q := r.URL.Query()
	for _, name := range list(q["phase"]) {
		p, err := fallback.ParsePhase(name)
		if err != nil {
			return f, malformed.because("want the query phase as some of the phases, as failed,expired")
		}
		f.phases = append(f.phases, p)
	}
	for _, name := range list(q["channel"]) {
		c, err := campaign.ParseChannel(name)
		if err != nil {
			return f, malformed.because("want the query channel as some of whatsapp, rcs and sms")
		}
		f.channels = append(f.channels, c)
	}
	f.reasons = q["reason"]
	return f, nil
}

// list reads values that are given each by itself, or separated by commas.
func list(values []string) (all []string) {
	for _, text := range values {
		if text != "" {
			all = append(all, strings.Split(text, ",")...)
		}
	}
	return all
}

func (f filter) holds(c *campaign.Campaign, r *fallback.Record) bool {
	return (len(f.phases) == 0 || slices.Contains(f.phases, r.State.Phase)) &&
		(len(f.channels) == 0 || slices.Contains(f.channels, c.Route[r.State.Leg].Channel)) &&
		(len(f.reasons) == 0 || slices.Contains(f.reasons, reasonAtLast(r)))
}
