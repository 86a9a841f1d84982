package fallback

import (
	"context"
	"errors"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// Ledger is what the door asks of storage.
type Ledger interface {
	// Load gives the records with these ids, in their order; a message that is not
	// there has the zero stamp.
	Load(ctx context.Context, ids []campaign.MessageID) ([]Record, error)
	// Save moves records on, with their places and the counts. Each move has its own
	// answer: nil, also when it was saved before; ErrStale; for claims ErrPaused,
	// ErrCancelled and ErrTooLate; anything else means that the ledger could not be
	// reached and the move may or may not have been saved.
	Save(ctx context.Context, moves []Move) []error
}

// Book gives a campaign by its number. ErrNoCampaign: there is none.
type Book interface {
	Campaign(ctx context.Context, n campaign.Number) (*campaign.Campaign, error)
}

// Queue takes jobs to their lanes' queues. A job that is there already is success.
type Queue interface {
	Enqueue(ctx context.Context, jobs []Job) error
}

// Move is one record's way from what it was to what it shall be.
type Move struct {
	Before, After *Record
	Place         Place
	Counts        []Add     // what the move adds to the campaign's counts
	Claim         bool      // asks whether the campaign runs and the time is not over
	NotAfter      time.Time // claims: the end of its window or its time to live; zero: none
}

// What the door and the ledger answer.
var (
	ErrStale      = errors.New("the record has moved meanwhile")
	ErrPaused     = errors.New("the campaign is not running")
	ErrCancelled  = errors.New("the campaign is cancelled")
	ErrTooLate    = errors.New("its window or its time to live has ended")
	ErrNoMessage  = errors.New("no such message")
	ErrNoAttempt  = errors.New("no such attempt")
	ErrNoCampaign = errors.New("no such campaign")
)

// Absent says that what an order spoke of is not there, which no second try changes.
func Absent(err error) bool {
	return errors.Is(err, ErrNoMessage) || errors.Is(err, ErrNoAttempt) || errors.Is(err, ErrNoCampaign)
}
