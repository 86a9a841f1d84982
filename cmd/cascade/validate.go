package main

import (
	"fmt"
	"io"
	"os"
	"slices"
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
				v.Pace = v.campaign.Pace(v.Accepted, limitsOf(cfg.Accounts))
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

// validation is what was found in a campaign and the file of its recipients.
type validation struct {
	Campaign string `json:"campaign"`
	campaign.Validation
	LookedUp []lookedUp `json:"looked_up,omitempty"`
	Told     string     `json:"told,omitempty"` // the receiver of its webhooks

	campaign campaign.Campaign
	source   string
}

func newValidation(c campaign.Campaign) *validation {
	return &validation{Campaign: c.ID, Validation: campaign.NewValidation(), campaign: c}
}

func (v *validation) readFile(path string, now time.Time) error {
	f, err := os.Open(path)
	if err != nil {
		return misuse(fmt.Errorf("read the recipients: %w", err))
	}
	defer f.Close()
	v.source = path
	v.Validation, err = campaign.Validate(f, v.campaign, campaign.ValidateOptions{Reader: campaign.ReaderOptions{Name: path, Now: now}})
	return err
}

// limitsOf are those of a lane and its account.
func limitsOf(accounts config.Accounts) func(campaign.Lane) []campaign.Limit {
	return func(l campaign.Lane) []campaign.Limit {
		lane, _ := accounts.Lane(l)
		return slices.Concat(lane.Limits, lane.AccountLimits)
	}
}
