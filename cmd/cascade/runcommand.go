package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/seed-438792ba/cascade/campaign"
)

// runFlags are the flags of run.
type runFlags struct {
	recipients, config, rejects string
	roles                       []string
	forget, strict              bool
	thresholds                  []string
}

func runCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "run CAMPAIGN.yaml --recipients FILE.csv",
		Short: "Run one campaign to its end in one process",
		Long: "Run one campaign to its end in one process, on the configured Redis, or else on an embedded one.\n" +
			"The same file again sends nothing twice. Ctrl-C once drains, and the campaign goes on when it is run again; twice stops.",
		Args: oneArgument("the campaign's file"),
	}
	var f runFlags
	flags := cmd.Flags()
	flags.StringVar(&f.recipients, "recipients", "", "the recipients, a CSV")
	flags.StringVar(&f.config, "config", "", "the configuration's file (default $"+configVariable+")")
	flags.StringVar(&f.rejects, "rejects", "", "where rejected rows are written (default beside the recipients)")
	flags.StringSliceVar(&f.roles, "roles", nil, "what this process does: api, scheduler, worker; others may do the rest (default all)")
	flags.BoolVar(&f.forget, "forget-at-exit", false, "use the embedded Redis even where people are reached: a second run sends twice")
	flags.BoolVar(&f.strict, "strict", false, "exit 3 if a message was not delivered")
	flags.StringArrayVar(&f.thresholds, "threshold", nil, "exit 3 if not met, as delivered>=0.95; may be repeated")
	output := outputFlag(cmd)
	_ = cmd.MarkFlagRequired("recipients")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return p.runCampaign(cmd.Context(), args[0], f, *output)
	}
	return cmd
}

func (p *program) runCampaign(ctx context.Context, file string, f runFlags, output format) error {
	roles, err := parseRoles(f.roles)
	if err != nil {
		return misuse(err)
	}
	aims, err := parseThresholds(f.thresholds)
	if err != nil {
		return misuse(err)
	}
	if p.configFile(f.config) == "" {
		return errNoConfig
	}
	cfg, err := p.loadConfig(f.config)
	if err != nil {
		return err
	}
	p.warn(cfg)
	c, err := readCampaign(file, cfg)
	if err != nil {
		return err
	}
	if c.Standing {
		return misuse(fmt.Errorf("campaign %q is standing: it never ends, so it cannot be run to its end. Give it to a server: cascade serve", c.ID))
	}
	h, err := open(ctx, cfg, p.log())
	if err != nil {
		return err
	}
	defer h.close()
	if err := refuseForgetting(h); err != nil && !f.forget {
		return misuse(err)
	}
	if h.embedded != nil {
		fmt.Fprintln(p.errs, "the embedded Redis keeps everything in memory: it is gone at exit")
	}
	r := &campaignRun{
		house: h, campaign: c, recipients: f.recipients, rejects: f.rejects, roles: roles,
		progress: p.progress(), out: p.errs,
	}
	r.settle = r.tellTheLast
	sum, report, err := r.run(ctx)
	if err != nil {
		return err
	}
	if err := p.print(output, sum, func(w io.Writer) { endReport(w, sum) }); err != nil {
		return err
	}
	return judge(sum, report, f.strict, aims)
}

// judge says whether a finished campaign is clean.
func judge(sum campaign.Summary, report campaign.ImportReport, strict bool, aims []threshold) error {
	var faults []error
	for _, t := range aims {
		if share := t.share(sum); share < t.least {
			faults = append(faults, fmt.Errorf("%s is %.4f of the accepted, below the threshold of %g", t.phase, share, t.least))
		}
	}
	if missed := sum.Accepted - sum.Counts["delivered"]; strict && missed > 0 {
		faults = append(faults, fmt.Errorf("%d messages were not delivered", missed))
	}
	switch {
	case len(faults) > 0:
		return &exitError{exitUnclean, errors.Join(faults...)}
	case report.Rejected > 0:
		return &exitError{exitUnclean, fmt.Errorf("finished, but %d rows were rejected (exit code %d)", report.Rejected, exitUnclean)}
	}
	return nil
}
