package campaign

import (
	"sync"
	"time"

	"github.com/nyaruka/phonenumbers"
)

// Zones finds the zones in which a campaign's window is read, and remembers them,
// for loading one reads a file. The zero Zones is ready, also for many at once.
type Zones struct{ known sync.Map } // name to *time.Location

// Of is the zone of the campaign's window for this person. A number whose prefix
// spans several zones counts to the first by name; one without a known zone, and a
// campaign without a window, to UTC.
func (z *Zones) Of(c Campaign, to Destination) *time.Location {
	switch {
	case c.Window == nil:
		return time.UTC
	case c.Window.Zone == RecipientZone:
		return z.load(zoneName(to))
	default:
		return z.load(c.Window.Zone)
	}
}

// ZoneOf is Zones.Of with what the campaign's window remembers.
func (c Campaign) ZoneOf(to Destination) *time.Location {
	if c.Window == nil || c.Window.Zones == nil {
		return new(Zones).Of(c, to)
	}
	return c.Window.Zones.Of(c, to)
}

// Equal is always so: what is remembered says nothing about a campaign.
func (z *Zones) Equal(*Zones) bool { return true }

// load is the zone of a name, or UTC where nobody knows it.
func (z *Zones) load(name string) *time.Location {
	zone, err := z.named(name)
	if err != nil {
		return time.UTC
	}
	return zone
}

// named is what loadZone gives, remembered.
func (z *Zones) named(name string) (*time.Location, error) {
	if known, found := z.known.Load(name); found {
		return known.(*time.Location), nil
	}
	zone, err := loadZone(name)
	if err == nil {
		z.known.Store(name, zone)
	}
	return zone, err
}

func zoneName(to Destination) string {
	names, err := phonenumbers.GetTimezonesForPrefix(to.E164())
	if err != nil || len(names) == 0 {
		return "UTC"
	}
	return names[0]
}
