package client

import (
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// What is answered. A test holds these types against the server's OpenAPI document.

// Report is a campaign's summary, with the line that says why it is not moving.
type Report struct {
	campaign.Summary
	Reason  string           `json:"reason"`
	Webhook *CampaignWebhook `json:"webhook,omitempty"` // who outside is told, and what became of that
}

// CampaignPage is a page of the list of campaigns, by id.
type CampaignPage struct {
	Campaigns []Report `json:"campaigns"`
	Next      string   `json:"next,omitempty"` // After of the next page; "": there is none
}

// Flow is a campaign's report with where its messages stand, all from one snapshot:
// Accepted is what came to the first leg, and what came to a leg is what stands on it and
// what went on to the next.
type Flow struct {
	Report
	By        string    `json:"by,omitempty"`  // who brought it into its state
	Why       string    `json:"why,omitempty"` // and what for
	Importing bool      `json:"importing"`
	Standing  bool      `json:"standing"`
	Flow      []FlowLeg `json:"flow"` // by leg
}

// FlowLeg is one leg of a route, and the messages that came to it.
type FlowLeg struct {
	Channel   campaign.Channel `json:"channel"`
	Account   string           `json:"account"`
	Wait      string           `json:"wait"`
	Came      int              `json:"came"`      // messages that stand on this leg or went on from it
	Phases    map[string]int   `json:"phases"`    // messages that stand on it, by phase; without those of none
	WentOn    int              `json:"went_on"`   // to the next leg
	Read      int              `json:"read"`      // attempts of it that were read
	Escalated map[string]int   `json:"escalated"` // attempts of it that made way for another, by how they ended
}

// Imports are the reports of a campaign's uploads, one of each file.
type Imports struct {
	Imports []campaign.ImportReport `json:"imports"`
}

// MessagePage is a page of a campaign's messages, in no order.
type MessagePage struct {
	Messages []FoundMessage `json:"messages"`
	Looked   int            `json:"looked,omitzero"` // records that were looked at for them
	Next     string         `json:"next,omitempty"`  // After of the next page; "": there is none
}

// FoundMessage is a message among others.
type FoundMessage struct {
	Line
	Key       string    `json:"key,omitempty"` // that tells it from others to the same person
	Scheduled time.Time `json:"scheduled_at"`
	Story     string    `json:"story"` // the path at which it is told; Client.Message tells it by its id
}

// Failures say for which reasons messages came to nothing that could be sent once more.
type Failures struct {
	AsOf     time.Time `json:"as_of"`
	Messages int       `json:"messages"` // the sum of all
	Failures []Failure `json:"failures"` // the most frequent first
	Others   int       `json:"others"`   // messages of reasons that are not listed
	Attempts []Ending  `json:"attempts"` // that did not reach their person, whether or not another leg did; the most frequent first
	Besides  int       `json:"besides"`  // attempts that are not listed
}

// Ending is how many attempts on a lane ended for one reason.
type Ending struct {
	Lane     string `json:"lane"`
	Reason   string `json:"reason"` // in the provider's words, or how it ended
	Attempts int    `json:"attempts"`
	Meaning  string `json:"meaning"` // where it is a code that is known
	Mend     string `json:"what_to_do"`
}

// Failure is one phase and reason, as RetryOrder takes them.
type Failure struct {
	Phase    string           `json:"phase"`
	Reason   string           `json:"reason"`
	Messages int              `json:"messages"`
	Channel  campaign.Channel `json:"channel,omitzero"` // of one of them
	Account  string           `json:"account,omitempty"`
	Meaning  string           `json:"meaning"`
	Mend     string           `json:"what_to_do"`
}

// State is how a campaign stands after its state was changed.
type State struct {
	State string `json:"state"`
	// InFlight are, after a pause or a cancel, the requests that were claimed when no
	// claim succeeded any more: only those may still start.
	InFlight *int `json:"in_flight,omitempty"`
}

// RetryOrder says which messages to send once more.
type RetryOrder struct {
	Phases  []string `json:"phases,omitempty"`  // of failed, unconfirmed and expired; none: all three
	Reasons []string `json:"reasons,omitempty"` // as a line of the export has it; none: any
	DryRun  bool     `json:"dry_run,omitempty"` // only count
	Reason  string   `json:"reason,omitempty"`  // why, for the journal
	// With what a dry run answered, nothing is done if it would now be others: only what was
	// closed by then, and so many.
	AsOf   *time.Time `json:"as_of,omitempty"`
	Expect *int       `json:"expect,omitempty"`
}

// EnterOrder is what EnterDraft is told, with what its giver was shown of the draft: nothing
// is done if it is another by then. What is left out is not looked at.
type EnterOrder struct {
	Reason    string     `json:"reason,omitempty"`     // why, for the journal
	File      string     `json:"file,omitempty"`       // the Key of its File
	CheckedAt *time.Time `json:"checked_at,omitempty"` // At of its Check
	Accepted  *int       `json:"accepted,omitempty"`   // Accepted of its Check
}

type startOrder struct {
	Reason   string `json:"reason,omitempty"`
	Accepted int    `json:"accepted"`
}

// Retried says what became of them. Those that were not retried stay as they are.
type Retried struct {
	Retried int `json:"retried"`
	Late    int `json:"late"`    // not retried: they were delivered after all
	Dropped int `json:"dropped"` // not retried: their variables are no longer kept
	Used    int `json:"used_up"` // not retried: they have had every try
	// AsOf is when it began: what was closed later is not among them.
	AsOf time.Time `json:"as_of"`
}

// Sent says what became of messages, in the order in which they were sent.
type Sent struct {
	Accepted     int                      `json:"accepted"`
	AlreadyThere int                      `json:"already_there"`
	Rejected     int                      `json:"rejected"`
	Messages     []campaign.MessageResult `json:"messages"`
}

// Line is one message as an export has it.
type Line struct {
	Campaign    string             `json:"campaign"`
	Message     campaign.MessageID `json:"message"`
	Destination string             `json:"destination"` // whole for an admin, masked for others
	Phase       string             `json:"phase"`
	Channel     campaign.Channel   `json:"channel"`    // that reached the person, or on which the message stands
	Reason      string             `json:"reason"`     // why it was not delivered; "" if it was, or nothing went wrong
	Meaning     string             `json:"meaning"`    // of the reason, where it is a code that is known
	Mend        string             `json:"what_to_do"` // about it
	Overlap     bool               `json:"overlap"`    // more than one channel was sent to
	Read        bool               `json:"read"`
	Late        bool               `json:"late"` // the news of its delivery came after the close
	Attempts    []Attempt          `json:"attempts"`
	ClosedAt    *time.Time         `json:"closed_at"` // nil while it is open
}

// Attempt is one try on one leg.
type Attempt struct {
	ID         campaign.AttemptID `json:"id"` // what the provider got as its messageId or reference
	Channel    campaign.Channel   `json:"channel"`
	Account    string             `json:"account"`
	Outcome    string             `json:"outcome"` // read, delivered, refused, undelivered, expired, rejected, timed_out, unknown, sent, accepted, started, postponed
	At         time.Time          `json:"at,omitzero"`
	Reason     string             `json:"reason,omitempty"` // in the provider's words
	Meaning    string             `json:"meaning,omitempty"`
	Mend       string             `json:"what_to_do,omitempty"`
	Claimed    time.Time          `json:"claimed_at,omitzero"`
	Answered   time.Time          `json:"answered_at,omitzero"`
	Reported   time.Time          `json:"reported_at,omitzero"`
	Throttled  int                `json:"throttled,omitempty"` // times that a 429 sent it back
	Deferred   int                `json:"deferred,omitempty"`  // times that the provider said "try later"
	Doubt      string             `json:"unknown,omitempty"`   // whether it ever was: open, or resolved by receipt, asking, policy
	Resent     int                `json:"resent,omitempty"`    // times that it was sent again for that, under the same id
	ProviderID string             `json:"provider_id,omitempty"`
	Parts      int                `json:"parts,omitempty"`  // of an SMS
	Reached    campaign.Channel   `json:"reached,omitzero"` // of a provider's chain: the channel that reached the person, where that was told
}

// Suppressed says what became of people who were named as wanting nothing more. Every
// number, or row of a file, is in exactly one of the first four.
type Suppressed struct {
	Accepted     int                     `json:"accepted"`
	AlreadyThere int                     `json:"already_there"`
	Rejected     int                     `json:"rejected"`
	Blank        int                     `json:"blank"`
	Ended        int                     `json:"messages_ended"` // messages to them that were open
	Reasons      map[campaign.Reason]int `json:"reasons,omitempty"`
	Rejects      []RejectedRow           `json:"rejects,omitempty"` // the first 1000
}

// RejectedRow is a row of a file that was not taken.
type RejectedRow struct {
	Line   int             `json:"line"`
	Column string          `json:"column,omitempty"`
	Reason campaign.Reason `json:"reason"`
	Text   string          `json:"text"`
}

// Allowed says what became of people whose suppression was taken back.
type Allowed struct {
	Removed  int `json:"removed"`
	NotThere int `json:"not_there"`
}

// Story is all that is known of a message, as data and as plain sentences.
type Story struct {
	Line
	Row       uint32     `json:"line,omitempty"` // of the file that it came from
	Scheduled time.Time  `json:"scheduled_at"`
	Due       time.Time  `json:"due_at,omitzero"` // in line: not before this
	Sentences []Sentence `json:"story"`
}

// Sentence is one thing that happened. Without a time it happened after the one before.
type Sentence struct {
	At   time.Time `json:"at,omitzero"`
	Text string    `json:"text"`
}

// Lane is how one account's one channel stands.
type Lane struct {
	Name            string     `json:"lane"`             // as in qlara.whatsapp
	State           string     `json:"state"`            // free, limit, gentle, held or paused: what the next request waits for
	Scope           string     `json:"scope,omitempty"`  // whose limit or hold it is, where it is not the lane's own
	Reason          string     `json:"reason,omitempty"` // held, paused: what for, and what to mend
	By              string     `json:"by,omitempty"`     // paused: who did it
	Since           *time.Time `json:"since,omitempty"`
	Until           *time.Time `json:"until,omitempty"`            // held: at least until then
	PerSecond       float64    `json:"per_second,omitempty"`       // what its limits allow; 0: it has none
	Limits          []string   `json:"limits,omitempty"`           // as configured, its own: 80/1s
	AccountLimits   []string   `json:"account_limits,omitempty"`   // as configured, of the account as a whole
	Concurrency     int        `json:"concurrency,omitempty"`      // requests at a time, in each process
	Gentle          int        `json:"gentle,omitempty"`           // while it starts gently: how many requests it may have begun before their results are in
	Observed        int        `json:"observed"`                   // requests in the last whole second
	AnswerP95       int        `json:"answer_p95_ms,omitempty"`    // within so many ms 95 of 100 requests of the last minute were answered; 0: there were none
	ReceiptsStopped *time.Time `json:"receipts_stopped,omitempty"` // since when none has come; waits stand still
	ReceiptsBack    *time.Time `json:"receipts_back,omitempty"`    // since when they come again
	WaitsUntil      *time.Time `json:"waits_until,omitempty"`      // when waits go on, at the latest
	Unserved        bool       `json:"unserved,omitempty"`         // no worker serves it
}

// Deeds are a page of the journal, the latest first.
type Deeds struct {
	Deeds []campaign.Deed `json:"deeds"`
	Next  string          `json:"next,omitempty"` // before of the next page; "": there is none
}

type order struct {
	Reason string `json:"reason,omitempty"`
}

type person struct {
	Destination string `json:"destination"`
	Region      string `json:"region,omitempty"`
	Reason      string `json:"reason,omitempty"`
}
