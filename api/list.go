package api

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

const (
	mostMessages = 1000
	// A page is over after so many records, whatever was found among them, and one look at
	// the ledger takes at most so many: a filter that fits nobody costs no more than a page.
	mostExamined = 10_000
	mostAtOnce   = 1000
)

var cursorForm = regexp.MustCompile(`^[0-9]{1,3}-[0-9]{1,19}$`)

// listMessages gives a campaign's messages page by page, those that the query asks for.
func (s *Server) listMessages(w http.ResponseWriter, r *http.Request, by Caller) error {
	query := r.URL.Query()
	limit, err := readLimit(query, mostMessages)
	if err != nil {
		return err
	}
	only, err := readSieve(query)
	if err != nil {
		return err
	}
	after := query.Get("after")
	if after != "" && !cursorForm.MatchString(after) {
		return malformed.because("want the query after as the next of the page before")
	}
	st, err := s.campaigns.Status(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	answer := MessageList{Messages: []FoundMessage{}}
	answer.Next, err = s.sift(r.Context(), st, after, limit, func(record *fallback.Record) bool {
		found := s.found(st.Campaign, record, by)
		fits := only.holds(found.Line)
		if fits {
			answer.Messages = append(answer.Messages, found)
		}
		return fits
	})
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, answer)
}

// sift calls take with records until about limit of them were taken, or enough were looked
// at, and gives the cursor of the next. Where a look finds nothing the next one is larger.
func (s *Server) sift(ctx context.Context, st Status, cursor string, limit int, take func(*fallback.Record) bool) (string, error) {
	taken, examined, most := 0, 0, min(limit, mostAtOnce)
	for {
		records, next, err := s.campaigns.Page(ctx, st.Number, cursor, most)
		if err != nil {
			return "", err
		}
		before := taken
		for i := range records {
			if take(&records[i]) {
				taken++
			}
		}
		examined += most
		if cursor = next; cursor == "" || taken >= limit || examined >= mostExamined {
			return cursor, nil
		}
		if most = min(limit-taken, mostAtOnce); taken == before {
			most = min(max(most, examined), mostAtOnce)
		}
	}
}

// sieve lets messages through that a query asks for; an empty list asks for nothing.
type sieve struct{ phases, channels, reasons []string }

func readSieve(query url.Values) (sieve, error) {
	only := sieve{query["phase"], query["channel"], query["reason"]}
	for _, name := range only.phases {
		if !slices.Contains(phaseNames(), name) {
			return only, malformed.because("want the query phase as one of the phases, as in phase=failed")
		}
	}
	for _, name := range only.channels {
		if !slices.Contains(channelNames(), name) {
			return only, malformed.because("want the query channel as whatsapp, rcs or sms")
		}
	}
	return only, nil
}

func (s sieve) holds(l Line) bool {
	fits := func(want []string, got string) bool { return len(want) == 0 || slices.Contains(want, got) }
	return fits(s.phases, l.Phase) && fits(s.channels, l.Channel.String()) && fits(s.reasons, l.Reason)
}

func phaseNames() (names []string) {
	for _, p := range fallback.Phases() {
		names = append(names, p.String())
	}
	return names
}

func channelNames() (names []string) {
	for _, c := range campaign.Channels() {
		names = append(names, c.String())
	}
	return names
}
