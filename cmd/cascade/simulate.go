package main

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/seed-438792ba/cascade/provider/simulator"
)

func simulateCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "simulate",
		Short: "Play the providers over HTTP, with faults; nothing reaches a phone",
		Long: "Play the providers over HTTP, with faults. What is sent here reaches no phone. The last four digits of a\n" +
			"number decide what becomes of its message; the rest goes as the scenario says.",
		Args: cobra.NoArgs,
	}
	var o simulator.ServeOptions
	cmd.Flags().StringVar(&o.Listen, "listen", "127.0.0.1:9090", "where to take requests; port 0 takes a free one")
	cmd.Flags().StringVar(&o.Callbacks, "callbacks", "", "where receipts are posted, as http://127.0.0.1:8080/callbacks/ACCOUNT/SECRET")
	cmd.Flags().StringVar(&o.ScenarioFile, "scenario", "", "a YAML file of latencies, odds, limits and outages (default: a lively day)")
	cmd.Flags().StringVar(&o.LogFile, "log", "", "append each request to this file, as a line of JSON")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := checkCallbacks(o.Callbacks); err != nil {
			return misuse(err)
		}
		ready := false
		o.Logger, o.Scenario = p.log(), simulator.DefaultScenario()
		o.Ready = func(addr string) {
			ready = true
			welcome(p.errs, addr, o)
		}
		err := simulator.Serve(cmd.Context(), o)
		if err != nil && !ready {
			return misuse(err)
		}
		return err
	}
	return cmd
}

func checkCallbacks(address string) error {
	u, err := url.Parse(address)
	if address == "" || err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") {
		return nil
	}
	// The address is not repeated: it ends with a secret.
	return errors.New("--callbacks: want an address, as http://127.0.0.1:8080/callbacks/ACCOUNT/SECRET")
}

// welcome says what is served, and what the magic numbers do.
func welcome(w io.Writer, addr string, o simulator.ServeOptions) {
	fmt.Fprintf(w, "SIMULATOR: nothing sent here reaches a phone\n")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(what, about string) { fmt.Fprintf(t, "  %s\t%s\n", what, about) }
	row("listens at", "http://"+addr+"/ (a page to look, and to change the scenario)")
	row("Qlara", "base_url: http://"+addr+"/api, any api_key that does not begin with bad")
	row("receipts", either(o.Callbacks != "", "are posted to --callbacks", "go nowhere: give --callbacks"))
	row("scenario", either(o.ScenarioFile != "", o.ScenarioFile, "a lively day"))
	row("log", either(o.LogFile != "", o.LogFile, "http://"+addr+"/sim/log"))
	row("numbers that end in", "")
	for _, trick := range simulator.Magic() {
		row("  "+trick.Tail, trick.Does)
	}
	_ = t.Flush() // a terminal that is gone ends the process soon enough
}
