//go:build proof && linux

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider/simulator"
)

// get reads JSON from an address; into may be nil.
func (l *lab) get(url string, into any) error {
	return l.ask(http.MethodGet, url, "", nil, into)
}

// post sends an order to the API, and fails the proof if it is not followed.
func (l *lab) post(path, contentType string, body io.Reader, into any) {
	l.Helper()
	if err := l.ask(http.MethodPost, l.api+path, contentType, body, into); err != nil {
		l.Fatal(err)
	}
}

func (l *lab) ask(method, url, contentType string, body io.Reader, into any) error {
	request, err := http.NewRequestWithContext(l.Context(), method, url, body)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+proofToken)
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	switch {
	case err != nil:
		return err
	case answer.StatusCode/100 != 2:
		return fmt.Errorf("%s %s: %s\n%s", method, url, answer.Status, text)
	case into == nil:
		return nil
	}
	return json.Unmarshal(text, into)
}

// order is the answer to a campaign's change of state.
type order struct {
	State    string `json:"state"`
	InFlight int    `json:"in_flight"`

	asked, answered time.Time
}

func (l *lab) order(id, verb string) (o order) {
	l.Helper()
	asked := time.Now()
	l.post("/v1/campaigns/"+id+"/"+verb, "application/json", strings.NewReader("{}"), &o)
	o.asked, o.answered = asked, time.Now()
	return o
}

// begin enters a campaign with its recipients by the API, and starts it.
func (l *lab) begin(id, file, rows string) {
	l.Helper()
	l.post("/v1/campaigns", "application/yaml", strings.NewReader(file), nil)
	l.post("/v1/campaigns/"+id+"/recipients", "text/csv", strings.NewReader(rows), nil)
	l.order(id, "start")
}

// summary is the campaign's, as the API tells it.
func (l *lab) summary(id string) (sum campaign.Summary) {
	l.Helper()
	if err := l.get(l.api+"/v1/campaigns/"+id, &sum); err != nil {
		l.Fatal(err)
	}
	return sum
}

// closed waits until no message of the campaign is open.
func (l *lab) closed(id string, within time.Duration) (sum campaign.Summary) {
	l.Helper()
	l.until("campaign "+id+" to have no open message", within, func() bool {
		sum = l.summary(id)
		return sum.FinishedAt != nil
	})
	return sum
}

// stats are the simulator's totals.
func (l *lab) stats() (st simulator.Stats) {
	l.Helper()
	if err := l.get(l.provider+"/sim/stats", &st); err != nil {
		l.Fatal(err)
	}
	return st
}

// ledgerSummary is the summary as the ledger itself tells it.
func (l *lab) ledgerSummary(id string) campaign.Summary {
	l.Helper()
	st, err := l.ledger.Status(l.Context(), id)
	if err != nil {
		l.Fatal(err)
	}
	return st.Summary()
}

// requests waits until the provider has seen so many requests in all.
func (l *lab) requests(n int, within time.Duration) {
	l.Helper()
	l.until(fmt.Sprintf("%d requests at the provider", n), within, func() bool { return l.stats().Requests >= uint64(n) })
}

// log is the provider's, from the first request on, by time of arrival.
func (l *lab) log() (log []simulator.Record) {
	l.Helper()
	answer, err := http.Get(l.provider + "/sim/log")
	if err != nil {
		l.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	lines := json.NewDecoder(answer.Body)
	for {
		var r simulator.Record
		switch err := lines.Decode(&r); {
		case errors.Is(err, io.EOF):
			slices.SortStableFunc(log, func(a, b simulator.Record) int { return int(a.At - b.At) })
			return log
		case err != nil:
			l.Fatalf("read the simulator's log: %v", err)
		}
		log = append(log, r)
	}
}

// told waits until the provider has told everything that it had to tell.
func (l *lab) told() {
	l.Helper()
	l.until("the last receipts", time.Minute, func() bool { return l.stats().Pending == 0 })
}
