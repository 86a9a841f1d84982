package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/spf13/cobra"
)

func demoCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Run a sample campaign with everything in one process; nothing leaves the machine",
		Args:  cobra.NoArgs,
	}
	d := &demo{}
	cmd.Flags().IntVar(&d.recipients, "recipients", 2000, "how many people the sample campaign has")
	cmd.Flags().Uint64Var(&d.seed, "seed", 1, "decides what becomes of each message")
	cmd.Flags().StringVar(&d.listen, "listen", "127.0.0.1:8080", "where the API listens; another port if this is taken")
	cmd.Flags().BoolVar(&d.stay, "stay", false, "go on when the campaign has ended, for those who look at the dashboard, until Ctrl-C")
	output := outputFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if d.recipients < 1 || d.recipients > demoMost {
			return misuse(fmt.Errorf("--recipients: want 1 to %d, not %d", demoMost, d.recipients))
		}
		if !cmd.Flags().Changed("log-level") {
			p.level = slog.LevelError // what a deployment is warned of is meant here
		}
		return p.demo(cmd.Context(), d, *output)
	}
	return cmd
}

// demoMost keeps the demo within what the embedded Redis is fit for.
const demoMost = 1_000_000

func (p *program) demo(ctx context.Context, d *demo, output format) (err error) {
	if d.folder, err = os.MkdirTemp("", "cascade-demo-"); err != nil {
		return fmt.Errorf("make a folder for the sample: %w", err)
	}
	defer os.RemoveAll(d.folder)
	cfg, err := d.begin(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.end()) }()
	h, err := open(ctx, cfg, p.log())
	if err != nil {
		return err
	}
	defer h.close()
	h.demo = true
	c, recipients, err := d.sample()
	if err != nil {
		return err
	}
	r := &campaignRun{
		house: h, campaign: c, recipients: recipients, roles: allRoles,
		progress: p.progress(), out: p.errs,
		ready: func(addr string) error {
			d.callbacks(addr)
			d.welcome(p.errs, addr)
			return nil
		},
		settle: func(ctx context.Context) error {
			d.settle(ctx)
			if d.stay {
				fmt.Fprintln(p.errs, "the campaign has ended; the dashboard stays until Ctrl-C")
				<-ctx.Done()
			}
			return d.end()
		},
	}
	sum, _, err := r.run(ctx)
	if err != nil {
		return err
	}
	return p.print(output, sum, func(w io.Writer) { endReport(w, sum) })
}

// welcome says what is where, and that nothing of it is real.
func (d *demo) welcome(w io.Writer, addr string) {
	fmt.Fprintf(w, "cascade %s  DEMO: nothing leaves this machine, state is in memory and gone at exit\n", thisBuild().Version)
	fmt.Fprintf(w, "  Dashboard  http://%s/    (this machine only, no token)\n", addr)
	fmt.Fprintf(w, "  API        http://%s/v1/campaigns\n", addr)
	fmt.Fprintf(w, "  Simulator  http://%s/\n\n", d.provider.Addr())
}
