package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/config"
)

func campaignCommand(p *program) *cobra.Command {
	return group("campaign", "Work with campaigns",
		validateCommand(p), createCommand(p), uploadCommand(p), rejectsCommand(p), listCommand(p), showCommand(p), watchCommand(p),
		startCommand(p), pauseCommand(p), goOnCommand(p), cancelCommand(p), retryCommand(p), exportCommand(p))
}

func validateCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "validate CAMPAIGN.yaml",
		Short: "Check a campaign and its recipients; needs no server, queues nothing",
		Long: "Check a campaign's file, and with --recipients every row of a CSV as an import would. With a configuration\n" +
			"the route is checked against its accounts, the time that the limits demand is told, and its providers are asked for\n" +
			"templates and senders, where they can be: what is wrong there is exit code 2, no answer is a warning. Exit code 3: some\n" +
			"rows are rejected.",
		Args: oneArgument("CAMPAIGN.yaml"),
	}
	recipients := cmd.Flags().String("recipients", "", "a CSV file of recipients")
	file, output := configFlag(cmd), outputFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		cfg, err := p.optionalConfig(*file)
		if err != nil {
			return err
		}
		c, err := readCampaign(args[0], cfg)
		if err != nil {
			return err
		}
		v := newValidation(c)
		v.Told = toldTo(c, cfg)
		if *recipients != "" {
			if err := v.readFile(*recipients, time.Now()); err != nil {
				return err
			}
			if cfg != nil {
				v.addPace(cfg.Accounts)
			}
		}
		if cfg != nil {
			if err := v.lookUp(cmd.Context(), cfg); err != nil {
				return err
			}
		}
		if err := p.print(*output, v, v.print); err != nil {
			return err
		}
		v.printLookedUp(p.errs)
		if wrong := v.wrong(); wrong > 0 {
			return misuse(fmt.Errorf("%s: of what its provider was asked, %d wrong: see above", args[0], wrong))
		}
		if v.Rejected > 0 {
			return &exitError{code: exitUnclean}
		}
		return nil
	}
	return cmd
}

// optionalConfig is nil where no file is named.
func (p *program) optionalConfig(flag string) (*config.Config, error) {
	if p.configFile(flag) == "" {
		return nil, nil
	}
	return p.loadConfig(flag)
}

// readCampaign reads a campaign's file, against the accounts if there is a configuration.
func readCampaign(path string, cfg *config.Config) (campaign.Campaign, error) {
	f, err := os.Open(path)
	if err != nil {
		return campaign.Campaign{}, misuse(fmt.Errorf("read the campaign: %w", err))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, campaign.MaxFileSize+1))
	if err != nil {
		return campaign.Campaign{}, misuse(fmt.Errorf("read the campaign: %w", err))
	}
	if cfg == nil {
		return campaign.ParseFile(path, data, nil)
	}
	return campaign.ParseFile(path, data, cfg)
}

// enough is how many rejects of each reason are shown.
const enough = 5

// validation is what was found in a campaign and the file of its recipients.
type validation struct {
	Campaign   string                  `json:"campaign"`
	Accepted   int                     `json:"accepted"`
	Rejected   int                     `json:"rejected"`
	Blank      int                     `json:"blank"`
	Reasons    map[campaign.Reason]int `json:"reasons"`
	Examples   []rejected              `json:"examples"` // the first of each reason
	File       *campaign.Facts         `json:"file,omitempty"`
	LongestSMS *longestSMS             `json:"longest_sms,omitempty"`
	Pace       []legPace               `json:"pace,omitempty"`
	LookedUp   []lookedUp              `json:"looked_up,omitempty"`
	Told       string                  `json:"told,omitempty"` // the receiver of its webhooks

	campaign campaign.Campaign
	source   string
	lines    map[campaign.MessageID]uint32 // where each person first stands
}

// rejected is one row, without what it said.
type rejected struct {
	Line   int             `json:"line"`
	Column string          `json:"column,omitempty"`
	Reason campaign.Reason `json:"reason"`
	Text   string          `json:"text"`
}

func newValidation(c campaign.Campaign) *validation {
	return &validation{
		Campaign: c.ID, Reasons: map[campaign.Reason]int{}, Examples: []rejected{},
		campaign: c, lines: map[campaign.MessageID]uint32{},
	}
}

func (v *validation) readFile(path string, now time.Time) error {
	f, err := os.Open(path)
	if err != nil {
		return misuse(fmt.Errorf("read the recipients: %w", err))
	}
	defer f.Close()
	v.source = path
	return v.read(f, now)
}

// read judges every row as an import into a new campaign would. People who opted out
// are known to the server alone.
func (v *validation) read(source io.Reader, now time.Time) error {
	rows, err := campaign.NewReader(source, v.campaign, campaign.ReaderOptions{Name: v.source, Now: now})
	if err != nil {
		return err
	}
	for {
		r, reject, err := rows.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if reject == nil {
			reject = v.refuse(r)
		}
		if reject != nil {
			v.reject(*reject)
			continue
		}
		v.Accepted++
		if err := v.measure(r); err != nil {
			return err
		}
	}
	v.Blank = rows.Blank()
	facts := rows.Facts()
	v.File = &facts
	return nil
}

// refuse finds a person who is in the file already, and a time that has passed. Which
// key the ids are computed with does not matter here.
func (v *validation) refuse(r campaign.Recipient) *campaign.Reject {
	id := campaign.IDKey{}.Message(v.Campaign, r.To, r.Key)
	if first, twice := v.lines[id]; twice {
		return &campaign.Reject{Line: int(r.Row.Line), Reason: campaign.DuplicateRecipient, Text: fmt.Sprintf("duplicate of line %d", first)}
	}
	if r.IfNew == nil {
		v.lines[id] = r.Row.Line
	}
	return r.IfNew
}

func (v *validation) reject(r campaign.Reject) {
	v.Rejected++
	v.Reasons[r.Reason]++
	if v.Reasons[r.Reason] <= enough {
		v.Examples = append(v.Examples, rejected{r.Line, r.Column, r.Reason, r.Text})
	}
}
