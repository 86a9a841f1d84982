// Command cascade sends campaigns: one message to each recipient over WhatsApp, and
// where that does not reach them over RCS and then SMS.
//
// Data goes to stdout and everything else to stderr. Each command is one file, which
// holds its flags and its words and calls the packages below for the rest; root lists
// them all. What the exit codes say stands in exit.go.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	_ "time/tzdata" // time zones are the campaign's, not the machine's

	"github.com/lmittmann/tint"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/seed-438792ba/cascade/config"
	"github.com/seed-438792ba/cascade/logs"
)

// program is what a command runs in.
type program struct {
	in        *input     // stdin
	out, errs io.Writer  // data; everything else
	env       config.Env // variables of the environment
	terminal  bool       // errs is one: redraw, and use colours
	level     slog.Level // of the log
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // once drains; twice ends the process at once
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	p := &program{in: &input{from: os.Stdin}, out: os.Stdout, errs: os.Stderr, env: config.WithSecrets(os.LookupEnv), terminal: term.IsTerminal(int(os.Stderr.Fd()))}
	os.Exit(p.run(ctx, os.Args[1:]...))
}

// gcPercent lets the heap grow to five times of what lives before it is swept: what
// lives are a few megabytes, and sweeping after each few more took a tenth of a
// worker's time. GOGC in the environment has the last word.
const gcPercent = 400

// root is the whole command line.
func root(p *program) *cobra.Command {
	cmd := group("cascade", "Send campaigns over WhatsApp, RCS and SMS",
		demoCommand(p),
		runCommand(p),
		serveCommand(p),
		simulateCommand(p),
		campaignCommand(p),
		messageCommand(p),
		suppressionCommand(p),
		laneCommand(p),
		queueCommand(p),
		workerCommand(p),
		accountCommand(p),
		webhookCommand(p),
		stopCommand(p),
		resumeCommand(p),
		auditCommand(p),
		configCommand(p),
		versionCommand(p),
		manCommand(),
	)
	showExamples(cmd)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	cmd.PersistentFlags().TextVar(&p.level, "log-level", slog.LevelInfo, "log from this `LEVEL` on: debug, info, warn or error")
	return cmd
}

// run carries out one command line, prints its error, and gives the exit code.
func (p *program) run(ctx context.Context, args ...string) int {
	cmd := root(p)
	cmd.SetArgs(args)
	cmd.SetOut(p.out)
	cmd.SetErr(p.errs)
	began := false
	markBegin(cmd, &began)
	err := cmd.ExecuteContext(ctx)
	if err != nil && !began {
		err = misuse(fmt.Errorf("%w. See cascade --help", err))
	}
	if err != nil && err.Error() != "" {
		fmt.Fprintln(p.errs, "cascade:", printable(err.Error()))
	}
	return int(exitCode(err))
}

// markBegin has every command tell that it began: what goes wrong before is a mistake
// in the command line.
func markBegin(cmd *cobra.Command, began *bool) {
	if run := cmd.RunE; run != nil {
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			*began = true
			return run(cmd, args)
		}
	}
	for _, sub := range cmd.Commands() {
		markBegin(sub, began)
	}
}

// group is a command that only holds others.
func group(name, short string, commands ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{Use: name, Short: short}
	cmd.Args = func(_ *cobra.Command, args []string) error {
		if len(args) > 0 {
			return fmt.Errorf("unknown command %q for %q", args[0], cmd.CommandPath())
		}
		return nil
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	cmd.AddCommand(commands...)
	return cmd
}

// oneArgument is for commands with one argument.
func oneArgument(what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != 1 {
			return fmt.Errorf("want one argument, %s, not %d", what, len(args))
		}
		return nil
	}
}

// log is for people on a terminal, and for machines elsewhere. For both what looks like a
// number or a secret is masked, and floods are cut.
func (p *program) log() *slog.Logger {
	var lines slog.Handler = tint.NewTextHandler(p.errs, &tint.Options{Level: p.level, TimeFormat: "15:04:05.000", NoColor: p.noColor()})
	if !p.terminal {
		lines = slog.NewJSONHandler(p.errs, &slog.HandlerOptions{Level: p.level})
	}
	return slog.New(logs.Calm(logs.Mask(lines)))
}

// progress shows a campaign on errs.
func (p *program) progress() *progress {
	return &progress{out: p.errs, terminal: p.terminal, width: func() int {
		width, _, err := term.GetSize(int(os.Stderr.Fd()))
		if err != nil {
			return 0
		}
		return width
	}}
}

// noColor follows no-color.org.
func (p *program) noColor() bool {
	value, _ := p.env("NO_COLOR")
	return value != ""
}
