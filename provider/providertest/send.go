package providertest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// AttemptID is the id of every attempt that the kit makes.
var AttemptID = campaign.IDKey{1}.Message("spring-sale", "+393401234567", "").Attempt(0, 0)

// Send is a leg of a campaign, a person, and the documented request that they become.
type Send struct {
	Name     string   // default: the Example
	New      Open     // of another account than the Kit's; nil: the Kit's
	Campaign string   // its id; default: spring-sale
	Leg      string   // as in a campaign's file, but for its account: `channel: sms, text: "Ciao {nome}"`
	Then     []string // the legs behind it, where the provider runs the fallback
	To       campaign.Destination
	Row      campaign.Variables

	Path   string
	Header map[string]string // that the request must bear
	// Example is the documented request: a file of testdata, without its ending. "": none
	// is documented, and Ours is all that the request must be.
	Example string
	// Ours is where our request differs from the example, by our own choice: values by
	// path, as messages.0.to, or nil for what we leave out.
	Ours map[string]any

	Yes  string           // the documented answer, of status 200: a file of testdata
	Want provider.Outcome // of Yes
}

func (s Send) name() string { return cmp.Or(s.Name, s.Example) }

// leg reads the leg as a campaign's file has it.
func (s Send) leg() (campaign.Campaign, error) {
	text := fmt.Sprintf("campaign: %s\nroute:\n  - {account: a, %s}\n", cmp.Or(s.Campaign, "spring-sale"), s.Leg)
	for _, leg := range s.Then {
		text += fmt.Sprintf("  - {account: a, %s}\n", leg)
	}
	if len(s.Then) > 0 {
		text = "fallback: provider\n" + text
	}
	return campaign.ParseFile(s.name(), []byte(text), nil)
}

func (s Send) channel() campaign.Channel {
	c, err := s.leg()
	if err != nil {
		return 0
	}
	return c.Route[0].Channel
}

// attempt is what a worker would be given for this person.
func (s Send) attempt(t testing.TB) campaign.Attempt {
	t.Helper()
	c, err := s.leg()
	if err != nil {
		t.Fatal(err)
	}
	a, err := c.Attempt(AttemptID, s.To, s.Row)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// want is the request as we make it: the example, and what is ours.
func (s Send) want(t testing.TB) any {
	var want any = map[string]any{}
	if s.Example != "" {
		body, part := example(t, s.Example)
		if part == "query" {
			t.Fatalf("%s is no request of ours", s.Example)
		}
		if err := json.Unmarshal(body, &want); err != nil {
			t.Fatalf("%s: %v", s.Example, err)
		}
	}
	for path, value := range s.Ours {
		if !put(want, strings.Split(path, "."), plain(t, value)) {
			t.Fatalf("%s has no place %s", s.name(), path)
		}
	}
	return want
}

// put sets the value at the end of the steps, or takes it away where it is nil.
func put(at any, steps []string, value any) bool {
	for _, step := range steps[:len(steps)-1] {
		switch v := at.(type) {
		case map[string]any:
			at = v[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(v) {
				return false
			}
			at = v[i]
		}
	}
	object, ok := at.(map[string]any)
	last := steps[len(steps)-1]
	switch {
	case !ok:
		return false
	case value == nil:
		_, there := object[last]
		delete(object, last)
		return there // what is left out was there
	}
	object[last] = value
	return true
}

// plain is a value as encoding/json reads it.
func plain(t testing.TB, v any) any {
	var out any
	if err := json.Unmarshal(JSON(v), &out); err != nil {
		t.Fatal(err)
	}
	return out
}
