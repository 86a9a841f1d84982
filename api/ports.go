package api

import (
	"context"
	"encoding/json"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// Campaigns is what the API asks of the register and the ledger. A campaign that is
// not there is fallback.ErrNoCampaign; what else goes wrong is a *Problem, or is for
// Options.Explain to make one of.
type Campaigns interface {
	// Create enters a campaign; created is false if the same one was there already.
	// Another one with its id is a conflict.
	Create(ctx context.Context, c campaign.Campaign) (created bool, err error)
	// IDs are the ids of all campaigns, in their order, and Statuses how these stand; those
	// that are not there are left out.
	IDs(ctx context.Context) ([]string, error)
	Statuses(ctx context.Context, ids []string) ([]Status, error)
	Status(ctx context.Context, id string) (Status, error)
	// Import takes recipients. What the rows answer with an error is in the error's chain.
	Import(ctx context.Context, id string, rows Rows) (campaign.ImportReport, error)
	// Add takes single messages, and says of each what became of it.
	Add(ctx context.Context, list []campaign.Message) ([]campaign.MessageResult, error)
	// Imports are the reports of a campaign's imports, one of each file.
	Imports(ctx context.Context, n campaign.Number) ([]campaign.ImportReport, error)
	// Rejects gives the rows that imports rejected, as far as they are kept.
	Rejects(ctx context.Context, n campaign.Number) (campaign.Rejects, error)
	Start(ctx context.Context, id, by string) error
	Resume(ctx context.Context, id, by string) error
	// Pause and Cancel answer when no claim succeeds any more, with the number of
	// requests that were claimed by then.
	Pause(ctx context.Context, id, by, why string) (inFlight int, err error)
	Cancel(ctx context.Context, id, by, why string) (inFlight int, err error)
	// Patch changes the throttle or the window of a campaign while it runs, by the keys of
	// its file, and gives the campaign as it is then. What is wrong is a *campaign.FileError.
	Patch(ctx context.Context, id string, values map[string]json.RawMessage) (campaign.Campaign, error)
	// Each calls f for every record of a campaign, in no order, each at least once.
	Each(ctx context.Context, n campaign.Number, f func(*fallback.Record) error) error
	// Browse does so from a place on ("": the beginning) until f says that it has enough,
	// and gives the place to go on from; "": that was all.
	Browse(ctx context.Context, n campaign.Number, from string, f func(*fallback.Record) (more bool)) (next string, err error)
}

// Rows is a stream of recipients, as campaign.Reader and campaign.ObjectReader give them.
type Rows interface {
	Names() []string
	Header() []string
	Next() (campaign.Recipient, *campaign.Reject, error)
	Blank() int
}

// Status is a campaign as it stands, from one snapshot.
type Status struct {
	Campaign  *campaign.Campaign
	Number    campaign.Number
	Summary   campaign.Summary // its State: draft, ready, running, paused, cancelled, finished
	Counts    fallback.Counts
	Importing bool
	By, Why   string           // who brought it into its state, and what for
	LastDue   time.Time        // when the last alarm rings; zero: not told
	Webhook   *CampaignWebhook // nil: nobody outside is told
}

// Receipts is what callbacks need besides the door.
type Receipts interface {
	// FindOrPark gives the attempt behind a provider's own id, or keeps the receipt until
	// that is known.
	FindOrPark(ctx context.Context, account string, r campaign.Receipt) (a campaign.AttemptID, found bool, err error)
	// Orphan counts a receipt that no message claims.
	Orphan(ctx context.Context, account string) error
	// KeepRaw keeps a callback that could not be read, among a bounded number of them.
	// The bytes are the caller's again when it returns.
	KeepRaw(ctx context.Context, account string, raw []byte) error
}

// Repeats remembers what calls with an Idempotency-Key were answered, for a day.
type Repeats interface {
	// Begin says whether to act on a call, which the holder asks again in order to hold it
	// for longer, or what it was answered. It is not the same call if another body came
	// with the key. Nothing of all: another holder is at it.
	Begin(ctx context.Context, key string, body [32]byte, holder string) (act, same bool, answer []byte, err error)
	// End keeps an answer, or, if it is empty, forgets the call.
	End(ctx context.Context, key, holder string, answer []byte) error
}

// Journal keeps what people did, as far as it has room.
type Journal interface {
	Note(ctx context.Context, d campaign.Deed) error
	// Deeds gives up to n of those before the one with this id ("": all), the latest first.
	Deeds(ctx context.Context, before string, n int) ([]campaign.Deed, error)
}

// People is what is noted of those who write.
type People interface {
	// OpenWindow notes that a person wrote to the account over WhatsApp.
	OpenWindow(ctx context.Context, account string, to campaign.Destination, at time.Time) error
	// SuppressAll writes that these people want nothing more, and Allow takes that back; each
	// says for how many of them that was new.
	SuppressAll(ctx context.Context, to ...campaign.Destination) (fresh int, err error)
	Allow(ctx context.Context, to ...campaign.Destination) (had int, err error)
	// Suppressed says which of these people want nothing.
	Suppressed(ctx context.Context, to ...campaign.Destination) ([]bool, error)
	// HowManySuppressed is how many people want nothing.
	HowManySuppressed(ctx context.Context) (int, error)
	// MessagesTo gives the ids that these people's messages have, if there are any, in every
	// campaign.
	MessagesTo(ctx context.Context, to ...campaign.Destination) ([]campaign.MessageID, error)
	// EraseTraces takes away what is kept of a person besides their messages, and says how
	// many rejected rows and raw callbacks that were; EraseIndex, last of all, that by which
	// their messages are found.
	EraseTraces(ctx context.Context, to campaign.Destination, accounts []string, messages []fallback.Record) (rows, callbacks int, err error)
	EraseIndex(ctx context.Context, to campaign.Destination) error
}

// Lanes is what is asked of the limits. A lane without a channel stands for all lanes of
// its account, and the zero lane for everything that is sent. Each of the three is paused
// and resumed by itself.
type Lanes interface {
	Lanes(ctx context.Context) ([]Lane, error)
	// Pause answers when nothing can start there any more.
	Pause(ctx context.Context, l campaign.Lane, by, why string) error
	Resume(ctx context.Context, l campaign.Lane, by string) error
	// GoOn lets the lane's waits go on that stand still because receipts stopped, until
	// one comes.
	GoOn(ctx context.Context, l campaign.Lane, by string) error
}

// Lane is how a lane stands.
type Lane struct {
	Name            string     `json:"lane"` // as in qlara.whatsapp
	State           LaneState  `json:"state"`
	Scope           string     `json:"scope,omitempty"`  // whose limit or hold it is, where it is not the lane's own: "account qlara"
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
	ReceiptsBack    *time.Time `json:"receipts_back,omitempty"`    // since when they come again; what was sent before still waits for what was missed
	WaitsUntil      *time.Time `json:"waits_until,omitempty"`      // when waits go on, at the latest
	Unserved        bool       `json:"unserved,omitempty"`         // no worker serves it
}

// LaneState is what the next request on a lane waits for.
type LaneState string

// The states of a lane.
const (
	LaneFree   LaneState = "free"
	LaneLimit  LaneState = "limit"  // its limits are used up for now
	LaneGentle LaneState = "gentle" // it starts gently after a hold
	LaneHeld   LaneState = "held"   // a 429, or a sick provider
	LanePaused LaneState = "paused" // until somebody resumes it
)
