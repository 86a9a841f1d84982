package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
)

// mostPeople bounds one call that names people.
const mostPeople = 1000

// readPeople reads who a call is about, each once, and notes its reason for the journal.
func readPeople(r *http.Request, by Caller) (o PeopleOrder, to []campaign.Destination, err error) {
	if err := readBody(r, &o, `{"destinations": ["+39…"], "region": "IT", "reason": "…"}`); err != nil {
		return o, nil, err
	}
	by.because(o.Reason)
	to, err = o.people()
	return o, to, err
}

// readPerson reads the one person that a call is about.
func readPerson(r *http.Request, by Caller) (o PersonOrder, to campaign.Destination, err error) {
	if err := readBody(r, &o, `{"destination": "+39…", "region": "IT", "reason": "…"}`); err != nil {
		return o, "", err
	}
	by.because(o.Reason)
	if to, err = campaign.ParseDestination(o.Destination, strings.ToUpper(o.Region)); err != nil {
		return o, "", wanted("destination", err.Error())
	}
	return o, to, nil
}

// readBody reads one JSON object. Numbers stand in bodies, never in a URL, and no error
// repeats one.
func readBody(r *http.Request, into any, want string) error {
	if err := contentType(r, "application/json"); err != nil {
		return err
	}
	d := json.NewDecoder(http.MaxBytesReader(nil, r.Body, campaign.MaxMessagesBody))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		if size := (*http.MaxBytesError)(nil); errors.As(err, &size) {
			return err
		}
		return malformed.because("want JSON as " + want)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return malformed.because("want one JSON object and nothing after it")
	}
	return nil
}

// people are those that the order names, in its order; all mistakes are told at once.
func (o PeopleOrder) people() ([]campaign.Destination, error) {
	if n := len(o.Destinations); n == 0 || n > mostPeople {
		return nil, wanted("destinations", fmt.Sprintf("want 1 to %d phone numbers", mostPeople))
	}
	to := make([]campaign.Destination, len(o.Destinations))
	seen := make(map[campaign.Destination]int, len(to))
	wrong := invalidBody.because("")
	for i, text := range o.Destinations {
		d, err := campaign.ParseDestination(text, strings.ToUpper(o.Region))
		if first, twice := seen[d]; err == nil && twice {
			err = fmt.Errorf("the same number as #/destinations/%d: name each person once", first)
		}
		if err != nil {
			wrong.Faults = append(wrong.Faults, Fault{Pointer: fmt.Sprintf("#/destinations/%d", i), Detail: err.Error()})
			continue
		}
		to[i], seen[d] = d, i
	}
	if len(wrong.Faults) > 0 {
		return nil, wrong
	}
	return to, nil
}

// wanted is the problem of a field that a body lacks or has wrong.
func wanted(field, detail string) *Problem {
	p := invalidBody.because(detail)
	p.Faults = []Fault{{Pointer: "#/" + field, Detail: detail}}
	return p
}
