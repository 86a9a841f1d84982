package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seed-438792ba/cascade/client"
)

func suppressionCommand(p *program) *cobra.Command {
	cmd := group("suppression", "Note who wants nothing more, and ask for it",
		suppressCommand(p), importSuppressionsCommand(p), checkCommand(p), allowCommand(p), countCommand(p))
	cmd.Long = "Note who wants nothing more from any campaign, and ask for it. Only keyed hashes of numbers are kept: who wants\n" +
		"nothing can be asked of a number, and not listed."
	return cmd
}

// mostPeople is how many a call may name.
const mostPeople = 1000

// inTurn calls do with some of the people at a time.
func inTurn(p client.People, do func(client.People) error) error {
	for some := range slices.Chunk(p.Numbers, mostPeople) {
		part := p
		part.Numbers = some
		if err := do(part); err != nil {
			return err
		}
	}
	return nil
}

func suppressCommand(p *program) *cobra.Command {
	var who client.People
	cmd := asking(p, "add [FILE]", "Note people who want nothing more; what is open to them ends at once", oneFileAtMost,
		func(ctx context.Context, c *client.Client, args []string) (sum client.Suppressed, err error) {
			if who.Numbers, err = p.numbers(args); err != nil {
				return sum, err
			}
			return sum, inTurn(who, func(some client.People) error {
				done, err := c.Suppress(ctx, some)
				sum.Accepted, sum.AlreadyThere, sum.Ended = sum.Accepted+done.Accepted, sum.AlreadyThere+done.AlreadyThere, sum.Ended+done.Ended
				return err
			})
		}, showSuppressed)
	cmd.Long = "Note people who want nothing more from any campaign. What is open to them ends before it is answered, as after a\n" +
		"STOP. If one number is wrong none of its thousand is taken. " + numbersHelp
	peopleFlags(cmd, &who)
	return cmd
}

// peopleFlags adds what is said besides the numbers.
func peopleFlags(cmd *cobra.Command, who *client.People) {
	regionFlag(cmd, &who.Region)
	reasonFlag(cmd, &who.Reason)
}

func showSuppressed(w io.Writer, s client.Suppressed) {
	fmt.Fprintf(w, "%s noted, %s there already, %s rejected, %s blank; messages that were open and ended: %s\n",
		count(s.Accepted), count(s.AlreadyThere), count(s.Rejected), count(s.Blank), count(s.Ended))
	for _, reason := range slices.Sorted(maps.Keys(s.Reasons)) {
		fmt.Fprintf(w, "  %s %s\n", reason, count(s.Reasons[reason]))
	}
	for _, r := range s.Rejects {
		fmt.Fprintf(w, "  line %d: %s\n", r.Line, r.Text)
	}
}

func importSuppressionsCommand(p *program) *cobra.Command {
	var f client.SuppressionFile
	cmd := asking(p, "import FILE", "Note everybody in a CSV, or .ndjson, as wanting nothing more; the same file again changes nothing", oneArgument("FILE, or - for a CSV from stdin"),
		func(ctx context.Context, c *client.Client, args []string) (client.Suppressed, error) {
			from, err := p.open(args[0], "a CSV of phone numbers")
			if err != nil {
				return client.Suppressed{}, misuse(fmt.Errorf("read the file: %w", err))
			}
			defer from.Close()
			f.NDJSON = strings.EqualFold(filepath.Ext(args[0]), ".ndjson")
			done, err := c.ImportSuppressions(ctx, from, f)
			if err == nil && done.Rejected > 0 {
				err = &exitError{exitUnclean, fmt.Errorf("%d rows were rejected (exit code %d)", done.Rejected, exitUnclean)}
			}
			return done, err
		}, showSuppressed)
	cmd.Long = "Note everybody in a file as wanting nothing more. A row that is no number is told with its line, and stops nothing\n" +
		"else: exit code 3."
	cmd.Flags().StringVar(&f.Column, "column", "", "the `HEADER` of the numbers (default destination)")
	regionFlag(cmd, &f.Region)
	reasonFlag(cmd, &f.Reason)
	return cmd
}

// checked is a person about whom it was asked.
type checked struct {
	Number     string `json:"destination"` // as it was typed
	Suppressed bool   `json:"suppressed"`
}

func checkCommand(p *program) *cobra.Command {
	var who client.People
	cmd := asking(p, "check [FILE]", "Say of each number whether its bearer wants nothing", oneFileAtMost,
		func(ctx context.Context, c *client.Client, args []string) (list []checked, err error) {
			if who.Numbers, err = p.numbers(args); err != nil {
				return nil, err
			}
			return list, inTurn(who, func(some client.People) error {
				answer, err := c.CheckSuppressions(ctx, some)
				if err == nil && len(answer) != len(some.Numbers) {
					err = errors.New("the server answered for another number of people")
				}
				for i := range answer {
					list = append(list, checked{some.Numbers[i], answer[i]})
				}
				return err
			})
		},
		func(w io.Writer, list []checked) {
			for _, a := range list {
				word := "may be sent to"
				if a.Suppressed {
					word = "wants nothing"
				}
				fmt.Fprintf(w, "%s  %s\n", a.Number, word)
			}
		})
	cmd.Long = "Say of each number whether its bearer wants nothing. " + numbersHelp
	regionFlag(cmd, &who.Region)
	return cmd
}

func allowCommand(p *program) *cobra.Command {
	var who client.People
	cmd := asking(p, "remove [FILE]", "Let people be sent to again, from the next message on", oneFileAtMost,
		func(ctx context.Context, c *client.Client, args []string) (sum client.Allowed, err error) {
			if who.Reason == "" {
				return sum, misuse(errors.New("--reason: want the reason for which these people may be sent to again: the journal keeps it"))
			}
			if who.Numbers, err = p.numbers(args); err != nil {
				return sum, err
			}
			return sum, inTurn(who, func(some client.People) error {
				done, err := c.Allow(ctx, some)
				sum.Removed, sum.NotThere = sum.Removed+done.Removed, sum.NotThere+done.NotThere
				return err
			})
		},
		func(w io.Writer, a client.Allowed) {
			fmt.Fprintf(w, "%s may be sent to again; %s were not suppressed\n", count(a.Removed), count(a.NotThere))
		})
	cmd.Long = "Let people be sent to again, from the next message on; what was ended stays ended. It wants a --reason, for it goes\n" +
		"against what they once said. " + numbersHelp
	peopleFlags(cmd, &who)
	return cmd
}

// countCommand is called list, where people look for it, and says why it names nobody.
func countCommand(p *program) *cobra.Command {
	type answer struct {
		People int `json:"people"`
	}
	return asking(p, "list", "Say how many people want nothing: nobody can name them, for only keyed hashes are kept", cobra.NoArgs,
		func(ctx context.Context, c *client.Client, _ []string) (answer, error) {
			n, err := c.CountSuppressions(ctx)
			return answer{n}, err
		},
		func(w io.Writer, a answer) {
			fmt.Fprintf(w, "%s want nothing. Of them only keyed hashes are kept, so nobody can list their numbers: ask for one with cascade suppression check\n",
				strings.Replace(plural(a.People, "person"), "persons", "people", 1))
		})
}
