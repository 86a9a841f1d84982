package campaign

import "time"

// Campaign is one message to many people, as its file says it.
type Campaign struct {
	ID      string        // campaignId, at most 255 characters
	Start   time.Time     // zero: at once
	Spread  time.Duration // over which people get their times from Start on, counted while the window is open; 0: all at once
	Window  *Window       // nil: any time of day
	Expires time.Duration // nothing is sent later than this after its time; 0: never expires

	Throttle            []Limit  // of this campaign only
	Frequency           *Limit   // of messages to one person, over all campaigns that have one; nil: any number
	ExcludeReached      []string // ids of campaigns: whom one of them reached is left out
	Standing            bool     // takes single messages for ever, never sealed
	StartWhileImporting bool
	OnUnknown           Policy
	RetryWithin         time.Duration // how long failed messages keep their variables
	Retention           time.Duration // how long a finished campaign is kept
	Webhook             *Webhook      // nil: that of the account on its first leg, if that has one

	Route      Route
	Recipients Columns
}

// Policy says what to do about a request that may or may not have been taken, when
// nothing tells.
type Policy uint8

const (
	AtMostOnce  Policy = iota // wait out the leg, then go on
	AtLeastOnce               // send once more, marked
)

// Route is the legs in the order in which they are tried.
type Route []Leg

// Leg is one channel's part of a route.
type Leg struct {
	Channel  Channel
	Account  string
	Wait     time.Duration // for *delivered*, from the provider's yes
	Content  Content
	MaxParts int // of an SMS, after placeholders are filled
	// Capability asks the provider first whether the person can be reached on the channel.
	Capability bool
	// Simulation asks the provider to take the message and send nothing. Then the legs
	// after it are simulated as well, for nobody promises receipts of a simulation.
	Simulation bool
	// Chain are the legs that the provider goes on to by itself, in the same request
	// (fallback: provider); then it is the only leg of its route, its wait is the whole
	// chain's, and the chain's legs have neither wait nor simulation of their own.
	Chain []Leg
}

// Lane is the lane on which the leg is sent.
func (l Leg) Lane() Lane { return Lane{Account: l.Account, Channel: l.Channel} }

// Columns says how the recipients' file is to be read.
type Columns struct {
	Region string            // for numbers without a country code, as "IT"
	Zone   string            // of a row's time that names none: an IANA name, or "recipient", the zone of the number
	Names  map[string]string // our name to the file's header: destination, scheduledDate, key, placeholders
}

// Window is the part of the day in which messages may be sent.
type Window struct {
	From, To TimeOfDay
	Zone     string // an IANA name; "recipient": the zone of the number
	Expire   bool   // at_end: what was not sent when the window ends expires; else it is held
	Zones    *Zones // remembers the zones in which it was read; nil: each is loaded every time
}

// TimeOfDay is minutes after midnight, by the clock on the wall.
type TimeOfDay int
