package api

import (
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// What is asked and answered on the wire, besides what stands elsewhere: the campaign
// itself (campaign.Campaign), an upload's answer (campaign.ImportReport), messages
// (campaign.MessagesBody), a line of an export (Line), a story (Story), a lane (Lane), and
// what went wrong (Problem).

// Order is the body of a call that changes something. It may be left out.
type Order struct {
	Reason string `json:"reason,omitempty"` // why, for those who read it later
}

// EnterOrder is the order to enter a draft, with what its giver was shown: where the draft
// is another by then, nothing is done. What is left out is not looked at.
type EnterOrder struct {
	Reason    string     `json:"reason,omitempty"`     // why, for those who read it later
	File      string     `json:"file,omitempty"`       // the draft's file.key
	CheckedAt *time.Time `json:"checked_at,omitempty"` // its check.at
	Accepted  *int       `json:"accepted,omitempty"`   // its check.accepted
}

// StartOrder is the order to start a campaign, with how many messages its giver was shown:
// where they are others by then, nothing is done. What is left out is not looked at.
type StartOrder struct {
	Reason   string `json:"reason,omitempty"`   // why, for those who read it later
	Accepted *int   `json:"accepted,omitempty"` // the campaign's
}

// Report is a campaign's summary, with the line that says why it is not moving.
type Report struct {
	campaign.Summary
	Reason  string           `json:"reason"`
	Webhook *CampaignWebhook `json:"webhook,omitempty"` // who outside is told, and what became of that
}

// CampaignList is the answer that lists the campaigns, by id.
type CampaignList struct {
	Campaigns []Report `json:"campaigns"`
	Next      string   `json:"next,omitempty"` // the query after of the next page; absent: there is none
}

// ImportList are the reports of a campaign's imports, one of each file.
type ImportList struct {
	Imports []campaign.ImportReport `json:"imports"`
}

// MessagePage is a page of a campaign's messages, in no order.
type MessagePage struct {
	Messages []FoundMessage `json:"messages"`
	Looked   int            `json:"looked"`         // records that were looked at for them
	Next     string         `json:"next,omitempty"` // the query after of the next page; absent: there is none
}

// FailureList says for which reasons messages came to nothing that could be sent once more.
type FailureList struct {
	AsOf     time.Time `json:"as_of"`
	Messages int       `json:"messages"` // failed, unconfirmed and expired: the sum of all
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

// Failure is one phase and reason, as a retry takes them.
type Failure struct {
	Phase    string           `json:"phase"`
	Reason   string           `json:"reason"` // in the provider's words; "": none was given
	Messages int              `json:"messages"`
	Channel  campaign.Channel `json:"channel,omitzero"` // of one of them
	Account  string           `json:"account,omitempty"`
	Meaning  string           `json:"meaning"` // where it is a code that is known
	Mend     string           `json:"what_to_do"`
}

// StateAnswer answers a campaign's change of state.
type StateAnswer struct {
	State string `json:"state"`
	// InFlight are, after a pause or a cancel, the requests that were claimed when no
	// claim succeeded any more: only those may still start.
	InFlight *int `json:"in_flight,omitempty"`
}

// MessagesAnswer says what became of messages that were posted, in their order.
type MessagesAnswer struct {
	Accepted     int                      `json:"accepted"`
	AlreadyThere int                      `json:"already_there"`
	Rejected     int                      `json:"rejected"`
	Messages     []campaign.MessageResult `json:"messages"`
}

// DeedList is a page of the journal, the latest first.
type DeedList struct {
	Deeds []campaign.Deed `json:"deeds"`
	Next  string          `json:"next,omitempty"` // the query before of the next page; absent: there is none
}

// RetryOrder says which messages to send once more: those that are closed in one of these
// phases and, where reasons are named, for one of them.
type RetryOrder struct {
	Phases  []string `json:"phases,omitempty"`  // of failed, unconfirmed and expired; none: all three
	Reasons []string `json:"reasons,omitempty"` // as a line of the export has it; none: any
	DryRun  bool     `json:"dry_run,omitempty"` // only count
	Reason  string   `json:"reason,omitempty"`  // why, for those who read it later
	// With what a dry run answered, nothing is done if it would now be others: only what was
	// closed by then, and so many. What is left out is not looked at.
	AsOf   *time.Time `json:"as_of,omitempty"`
	Expect *int       `json:"expect,omitempty"`
}

// RetryAnswer says what became of them. Those that were not retried stay as they are.
type RetryAnswer struct {
	Retried int `json:"retried"`
	Late    int `json:"late"`    // not retried: they were delivered after all
	Dropped int `json:"dropped"` // not retried: their variables are no longer kept (retry_within)
	Used    int `json:"used_up"` // not retried: they have had every try
	// AsOf is when it began: what was closed later is not among them.
	AsOf time.Time `json:"as_of"`
}

// LaneList is the answer that lists the lanes.
type LaneList struct {
	Lanes []Lane `json:"lanes"`
}

// QueueList is the answer that lists the queues.
type QueueList struct {
	Queues []Queue `json:"queues"`
}

// WorkerList is the answer that lists the processes.
type WorkerList struct {
	Workers []Worker `json:"workers"`
}

// PeopleOrder names the people that a call is about.
type PeopleOrder struct {
	Destinations []string `json:"destinations"`     // phone numbers, as people write them; at most 1000
	Region       string   `json:"region,omitempty"` // for numbers without a country code, as IT
	Reason       string   `json:"reason,omitempty"` // why, for those who read it later
}

// SuppressAnswer says what became of people who were named as wanting nothing more. Every
// number, or row of a file, is in exactly one of the first four.
type SuppressAnswer struct {
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

// SuppressedAnswer says of each person that was asked about, in their order, whether they
// want nothing.
type SuppressedAnswer struct {
	Suppressed []bool `json:"suppressed"`
}

// AllowAnswer says what became of people whose suppression was taken back.
type AllowAnswer struct {
	Removed  int `json:"removed"`
	NotThere int `json:"not_there"`
}

// PersonOrder names the one person that a call is about.
type PersonOrder struct {
	Destination string `json:"destination"`      // a phone number, as people write it
	Region      string `json:"region,omitempty"` // for a number without a country code, as IT
	Reason      string `json:"reason,omitempty"` // why, for those who read it later
}

// FoundMessages are all messages to one person, the latest first.
type FoundMessages struct {
	Messages []FoundMessage `json:"messages"`
}

// FoundMessage is one of them, as a line of an export has it.
type FoundMessage struct {
	Line
	Key       string    `json:"key,omitempty"` // that tells it from others to the same person
	Scheduled time.Time `json:"scheduled_at"`
	Story     string    `json:"story"` // the path at which it is told
}

// SuppressedCount says how many people want nothing.
type SuppressedCount struct {
	People int `json:"people"`
}

// EraseAnswer says what was kept of a person and is no more.
type EraseAnswer struct {
	Messages  int `json:"messages"`       // of which only what the counts are made of stays
	Ended     int `json:"messages_ended"` // of those: were open
	Rows      int `json:"rejected_rows"`
	Callbacks int `json:"raw_callbacks"`
}
