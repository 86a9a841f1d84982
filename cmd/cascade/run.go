package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/store"
)

// errors of run that people mend.
var errForget = errors.New("an account's provider is not on this machine, and the embedded Redis forgets at exit what was sent: " +
	"a second run would send everything twice. Name a Redis with persistence in the configuration, or say --forget-at-exit")

// campaignRun is one campaign from its file to its end.
type campaignRun struct {
	house      *house
	campaign   campaign.Campaign
	recipients string // file
	rejects    string // file to write; "": beside the recipients
	roles      []role
	progress   *progress
	out        io.Writer // for people
	// ready is told where the API listens, before anything is sent; may be nil.
	ready func(addr string) error
	// settle waits, once the campaign is finished, for what may still come; may be nil.
	settle func(context.Context) error
}

// refuseForgetting keeps a run from the embedded Redis where people would be reached.
func refuseForgetting(h *house) error {
	if h.embedded == nil {
		return nil
	}
	for _, a := range h.config.Accounts {
		if !a.IsLoopback() {
			return errForget
		}
	}
	return nil
}

// run imports, starts, shows the progress, and returns the summary when no message is
// open any more. The report says what became of the file's rows.
func (r *campaignRun) run(ctx context.Context) (campaign.Summary, campaign.ImportReport, error) {
	live, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	listening := make(chan string, 1)
	if _, err := r.house.store.Create(ctx, r.campaign); err != nil {
		return campaign.Summary{}, campaign.ImportReport{}, err
	}
	go func() {
		defer close(ended)
		ended <- r.house.live(live, r.roles, func(addr string) { listening <- addr })
	}()
	sum, report, err := r.follow(ctx, ended, listening)
	stop() // and in any case wait: what lives must not outlive the house
	return sum, report, errors.Join(err, <-ended)
}

func (r *campaignRun) follow(ctx context.Context, ended <-chan error, listening <-chan string) (sum campaign.Summary, report campaign.ImportReport, err error) {
	select {
	case addr := <-listening:
		if r.ready != nil {
			if err := r.ready(addr); err != nil {
				return sum, report, err
			}
		}
	case err := <-ended:
		return sum, report, orInterrupted(err)
	case <-ctx.Done():
		return sum, report, ctx.Err()
	}
	if report, err = r.load(ctx); err != nil {
		return sum, report, err
	}
	if err := r.start(ctx); err != nil {
		return sum, report, err
	}
	r.house.bell.Ring(nudgeBell)
	sum, err = r.await(ctx, ended)
	if err != nil || r.settle == nil {
		return sum, report, err
	}
	if err := r.settle(ctx); err != nil {
		return sum, report, err
	}
	status, err := r.house.store.Status(context.WithoutCancel(ctx), r.campaign.ID) // to settle may have meant to wait for that
	if err != nil {
		return sum, report, err
	}
	return status.Summary(), report, nil
}

// start starts the campaign. It waits for an import elsewhere, which may also be one
// that died a moment ago.
func (r *campaignRun) start(ctx context.Context) error {
	for said := false; ; said = true {
		err := r.house.store.Start(ctx, r.campaign.ID, "run")
		var state *store.WrongStateError
		if !errors.As(err, &state) || !state.Importing {
			return err
		}
		if !said {
			fmt.Fprintln(r.out, "another import into this campaign goes on, or died a moment ago: waiting for its end")
		}
		select {
		case <-time.After(lookEvery):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func orInterrupted(err error) error {
	if err == nil {
		return context.Canceled
	}
	return err
}

// load imports the recipients, and writes the rejects beside their file.
func (r *campaignRun) load(ctx context.Context) (report campaign.ImportReport, err error) {
	f, err := os.Open(r.recipients)
	if err != nil {
		return report, fmt.Errorf("open the recipients: %w", err)
	}
	defer f.Close()
	rows, err := campaign.NewReader(f, r.campaign, campaign.ReaderOptions{Name: filepath.Base(r.recipients), Now: time.Now()})
	if err != nil {
		return report, err
	}
	if r.rejects == "" {
		r.rejects = strings.TrimSuffix(r.recipients, filepath.Ext(r.recipients)) + "-rejects.csv"
	}
	out := &rejectsFile{path: r.rejects, facts: rows.Facts()}
	defer func() { err = errors.Join(err, out.close()) }()
	ctx, end := r.house.traces.Import(ctx, r.campaign.ID, r.house.store.IDKey().Number(r.campaign.ID))
	report, err = r.house.store.Import(ctx, r.campaign.ID, rows, store.Watcher{Rejected: out.write})
	end(report, err)
	if err != nil {
		return report, err
	}
	fmt.Fprintf(r.out, "%s: %s accepted, %s there already, %s rejected, %s blank\n", filepath.Base(r.recipients),
		count(report.Accepted), count(report.AlreadyThere), count(report.Rejected), count(report.Blank))
	if report.Rejected > 0 {
		fmt.Fprintf(r.out, "rejected rows with their reasons: %s\n", r.rejects)
	}
	return report, nil
}

// lookEvery is how often a run looks at its campaign.
const lookEvery = 500 * time.Millisecond

// await shows the progress until the campaign is finished or cancelled to the last.
func (r *campaignRun) await(ctx context.Context, ended <-chan error) (campaign.Summary, error) {
	w := &watcher{house: r.house, id: r.campaign.ID}
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		v, err := w.look(ctx, time.Now())
		switch {
		case err != nil && ctx.Err() == nil:
			r.house.log.Warn("cannot look at the campaign; trying again", "error", err)
		case err == nil:
			r.progress.show(v)
			if sum := v.status.Summary(); sum.FinishedAt != nil {
				return sum, nil
			}
		}
		select {
		case <-ticker.C:
		case err := <-ended:
			return campaign.Summary{}, orInterrupted(err)
		case <-ctx.Done():
			return campaign.Summary{}, r.interrupted()
		}
	}
}

// interrupted says what a drained run leaves behind.
func (r *campaignRun) interrupted() error {
	if r.house.embedded != nil {
		return fmt.Errorf("interrupted: campaign %q is gone with the embedded Redis", r.campaign.ID)
	}
	return fmt.Errorf("interrupted: what was in hand is sent and recorded. Campaign %q is still running: it goes on where it stopped when it is run again, "+
		"and any cascade process on this Redis goes on with it meanwhile. To hold it: cascade campaign pause %s, of one of them", r.campaign.ID, r.campaign.ID)
}

// rejectsFile is made with the first reject.
type rejectsFile struct {
	path  string
	facts campaign.Facts
	file  *os.File
	rows  *campaign.RejectsWriter
}

func (f *rejectsFile) write(j campaign.Reject) (err error) {
	if f.file == nil {
		if f.file, err = os.OpenFile(f.path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600); err != nil {
			return fmt.Errorf("open the rejects file: %w", err)
		}
		if f.rows, err = campaign.NewRejectsWriter(f.file, f.facts.Header, f.facts.Delimiter); err != nil {
			return err
		}
	}
	return f.rows.Write(j)
}

func (f *rejectsFile) close() error {
	if f.file == nil {
		return nil
	}
	return errors.Join(f.rows.Flush(), f.file.Close())
}
