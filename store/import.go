package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"strconv"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// Rows is a stream of recipients, as campaign.Reader gives them. At its end Next
// answers io.EOF.
type Rows interface {
	Names() []string // of the variables, in the order in which records keep them
	Next() (campaign.Recipient, *campaign.Reject, error)
	Blank() int       // wholly empty rows so far
	Header() []string // of the columns, to which the fields of rejects belong; it may grow at its end
}

// Watcher is told of an import as it goes on. Its functions are called by one
// goroutine; either may be nil.
type Watcher struct {
	Rejected func(campaign.Reject) error
	Progress func(campaign.ImportReport)
}

// What an import is refused for, besides the rows.
var (
	ErrRedisFull = errors.New("Redis is nearly full: new messages would leave no room for open ones to finish. " +
		"Raise maxmemory, or wait until there is room")
	ErrCancelled = errors.New("it is cancelled and takes no recipients")
)

// Import takes recipients into a campaign. It can be repeated: a row that is there
// already is counted as such. Memory does not grow with the rows.
func (s *Store) Import(ctx context.Context, id string, rows Rows, w Watcher) (campaign.ImportReport, error) {
	c, err := s.Find(ctx, id)
	if err != nil {
		return campaign.ImportReport{}, err
	}
	state, err := s.States(ctx, []campaign.Number{c.Number})
	if err != nil {
		return campaign.ImportReport{}, err
	}
	switch state[c.Number] {
	case "": // its retention is over
		return campaign.ImportReport{}, fmt.Errorf("campaign %q: %w", id, fallback.ErrNoCampaign)
	case Cancelled:
		return campaign.ImportReport{}, fmt.Errorf("campaign %q: %w", id, ErrCancelled)
	}
	if _, err := s.learn(ctx, c, rows.Names()); err != nil {
		return campaign.ImportReport{}, err
	}
	ended, err := s.importing(ctx, c.Number)
	if err != nil {
		return campaign.ImportReport{}, err
	}
	defer ended()
	in := &importer{store: s, campaign: c, watcher: w, rows: rows, rejects: s.newRejects(c), digest: fnv.New64a(),
		report: campaign.ImportReport{Reasons: map[campaign.Reason]int{}}}
	if err := in.run(ctx); err != nil {
		return in.report, fmt.Errorf("import into campaign %q: %w", id, err)
	}
	ended()
	return in.report, s.imported(ctx, c, strconv.FormatUint(in.digest.Sum64(), 16), in.report)
}

// imported notes the end of an import: its report, and that the campaign is ready.
func (s *Store) imported(ctx context.Context, c *Campaign, digest string, report campaign.ImportReport) error {
	text, err := json.Marshal(report)
	if err != nil {
		return err
	}
	if err := s.client.HSet(ctx, keyImports(c.Number), digest, text).Err(); err != nil {
		return fmt.Errorf("note the import into campaign %q: %w", c.ID, err)
	}
	var wrong *WrongStateError
	_, err = s.change(ctx, c.ID, step{to: Ready, from: []State{Draft, Ready}, by: "import"})
	if !errors.As(err, &wrong) {
		return err
	}
	if started := wrong.State == Running || wrong.State == Paused; started && c.StartWhileImporting {
		_, err = s.change(ctx, c.ID, step{to: wrong.State, from: []State{wrong.State}, seal: true, by: "import"})
		return err
	}
	return nil // it has been started before: the same rows again
}

// readImports reads the reports that imported noted.
func readImports(n campaign.Number, texts []string) ([]campaign.ImportReport, error) {
	reports := make([]campaign.ImportReport, len(texts))
	for i, text := range texts {
		if err := json.Unmarshal([]byte(text), &reports[i]); err != nil {
			return nil, fmt.Errorf("read the imports of campaign %s: %w", n, err)
		}
	}
	return reports, nil
}
