package campaign

import (
	"fmt"
	"time"
)

// Link is one channel of a chain that the provider runs by itself, with its texts filled.
type Link struct {
	Channel   Channel
	Content   Content
	Variables Variables // as an Attempt's
}

// Links are all that one send of the leg may become: the leg itself, and the provider's
// chain behind it.
func (l Leg) Links() []Leg { return append([]Leg{l}, l.Chain...) }

// Links are those of all legs, in the order of the campaign's file.
func (r Route) Links() []Leg {
	links := make([]Leg, 0, len(r))
	for _, leg := range r {
		links = append(links, leg.Links()...)
	}
	return links
}

// Chained says whether the provider runs the fallback, and Cascade none.
func (r Route) Chained() bool { return len(r) > 0 && len(r[0].Chain) > 0 }

// parseFallback reads who runs the fallback: "cascade", or "provider".
func parseFallback(word string) (byProvider bool, err error) {
	return oneOf(word, "cascade", false, "provider", true)
}

// readLink is a leg behind the first of a provider's chain: all in one request, so one
// account, one wait and one simulation.
func readLink(s *section, leg *Leg, first Leg) {
	for _, key := range []string{"wait", "simulation"} {
		if s.has(key) {
			s.wrong(key, "with fallback: provider that of the first leg holds for the whole chain: leave it out here")
		}
	}
	if leg.Account != "" && leg.Account != first.Account {
		s.wrong("account", "with fallback: provider one provider gets the whole chain in one request: want %s, the first leg's account", first.Account)
	}
	leg.Wait, leg.Simulation = 0, false
}

// chain makes one leg of a route, and asks whether its provider can run it.
func (r Route) chain(s *section, waits bool, accounts Accounts) Route {
	if len(r) < 2 {
		s.wrong("fallback", "one leg is no chain: leave fallback out, or add the legs that the provider falls back to")
		return r
	}
	leg := r[0]
	for i, l := range r {
		if l.Capability {
			s.wrong(fmt.Sprintf("route[%d].capability", i), "with fallback: provider the provider finds out by itself: leave it out")
		}
	}
	leg.Chain = r[1:]
	if !waits {
		leg.Wait = r.defaultWait()
	}
	if accounts != nil && len(s.notes.problems) == 0 {
		for _, p := range accounts.Check(leg) {
			s.wrong("fallback", "%s", p.Text)
		}
	}
	return Route{leg}
}

// defaultWait is how long the channels of a chain usually need one after the other: when
// a provider goes on to the next is nowhere documented.
func (r Route) defaultWait() (sum time.Duration) {
	for _, leg := range r {
		sum += defaultWaits[leg.Channel]
	}
	return sum
}

// links fills the chain behind the leg with a person's values.
func (l Leg) links(vars Variables) ([]Link, error) {
	if len(l.Chain) == 0 {
		return nil, nil
	}
	links := make([]Link, len(l.Chain))
	for i, leg := range l.Chain {
		content, err := leg.Content.Fill(vars)
		if err != nil {
			return nil, err
		}
		wanted, err := leg.TemplateVariables(vars)
		if err != nil {
			return nil, err
		}
		links[i] = Link{leg.Channel, content, wanted}
	}
	return links, nil
}
