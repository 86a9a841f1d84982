package main

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
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
	var callbacks, signing []string
	cmd.Flags().StringVar(&o.Listen, "listen", "127.0.0.1:9090", "where to take requests; port 0 takes a free one")
	cmd.Flags().StringArrayVar(&callbacks, "callbacks", nil, "where receipts are posted, as http://127.0.0.1:8080/callbacks/ACCOUNT/SECRET; with PROVIDER= before it, those of that provider (repeatable)")
	cmd.Flags().StringArrayVar(&signing, "sign", nil, "what a provider's callbacks bear, as PROVIDER=basic:USER:PASSWORD, PROVIDER=header:NAME:VALUE or PROVIDER=hmac:HEADER:KEY (repeatable)")
	cmd.Flags().StringVar(&o.ScenarioFile, "scenario", "", "a YAML file of latencies, odds, limits and outages (default: a lively day)")
	cmd.Flags().StringVar(&o.LogFile, "log", "", "append each request to this file, as a line of JSON")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		var err error
		if o.Callbacks, o.CallbacksOf, err = readCallbacks(callbacks); err != nil {
			return misuse(err)
		}
		if o.Signing, err = readSigning(signing); err != nil {
			return misuse(err)
		}
		ready := false
		o.Logger, o.Scenario = p.log(), simulator.DefaultScenario()
		o.Ready = func(addr string) {
			ready = true
			welcome(p.errs, addr, o)
		}
		err = simulator.Serve(cmd.Context(), o)
		if err != nil && !ready {
			return misuse(err)
		}
		return err
	}
	return cmd
}

// readCallbacks takes the addresses apart: one for all, and those of single providers.
func readCallbacks(given []string) (all string, of map[string]string, err error) {
	of = map[string]string{}
	for _, word := range given {
		name, address := "", word
		for _, p := range simulator.Providers() {
			if rest, its := strings.CutPrefix(word, p.Name+"="); its {
				name, address = p.Name, rest
			}
		}
		u, wrong := url.Parse(address)
		if address != "" && (wrong != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
			// The address is not repeated: it ends with a secret.
			return "", nil, errors.New("--callbacks: want an address, as http://127.0.0.1:8080/callbacks/ACCOUNT/SECRET, " +
				"or one of " + strings.Join(providerNames(), ", ") + " with = and an address")
		}
		if wrong == nil && strings.HasSuffix(u.Path, "/") {
			return "", nil, errors.New("--callbacks: the address ends with a slash, so its secret is missing: is the variable that holds it set in this terminal?")
		}
		of[name] = address
	}
	all = of[""]
	delete(of, "")
	return all, of, nil
}

// readSigning takes apart what callbacks are to bear. No error repeats a secret.
func readSigning(given []string) (map[string]simulator.Signing, error) {
	of := map[string]simulator.Signing{}
	for _, word := range given {
		name, how, _ := strings.Cut(word, "=")
		if !slices.Contains(providerNames(), name) {
			return nil, errors.New("--sign: want one of " + strings.Join(providerNames(), ", ") + ", = and how")
		}
		s := of[name]
		if err := s.ParseSigning(how); err != nil {
			return nil, fmt.Errorf("--sign %s=: %w", name, err)
		}
		of[name] = s
	}
	return of, nil
}

func providerNames() (names []string) {
	for _, p := range simulator.Providers() {
		names = append(names, p.Name)
	}
	return names
}

// welcome says what is served, and what the magic numbers do.
func welcome(w io.Writer, addr string, o simulator.ServeOptions) {
	fmt.Fprintf(w, "SIMULATOR: nothing sent here reaches a phone\n")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(what, about string) { fmt.Fprintf(t, "  %s\t%s\n", what, about) }
	row("listens at", "http://"+addr+"/ (a page to look, and to change the scenario)")
	for _, p := range simulator.Providers() {
		row(p.Title, "base_url: http://"+addr+p.Base+", "+p.Access)
	}
	row("receipts", receiptsGo(o))
	row("scenario", either(o.ScenarioFile != "", o.ScenarioFile, "a lively day"))
	row("log", either(o.LogFile != "", o.LogFile, "http://"+addr+"/sim/log"))
	row("numbers that end in", "")
	for _, trick := range simulator.Magic() {
		row("  "+trick.Tail, trick.Does)
	}
	_ = t.Flush() // a terminal that is gone ends the process soon enough
}

// receiptsGo says who posts receipts. The addresses are not repeated.
func receiptsGo(o simulator.ServeOptions) string {
	var told, silent []string
	for _, name := range providerNames() {
		if address, own := o.CallbacksOf[name]; address != "" || !own && o.Callbacks != "" {
			told = append(told, name)
		} else {
			silent = append(silent, name)
		}
	}
	switch {
	case len(told) == 0:
		return "go nowhere: give --callbacks"
	case len(silent) == 0:
		return "are posted to --callbacks"
	}
	return "of " + strings.Join(told, ", ") + " are posted to --callbacks; those of " + strings.Join(silent, ", ") + " go nowhere"
}
