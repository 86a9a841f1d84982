package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// input is stdin, which one thing can be read from.
type input struct {
	from  io.Reader
	taken string // what was read from it
}

// take gives stdin to whoever reads what.
func (in *input) take(what string) (io.Reader, error) {
	if in.taken != "" {
		return nil, fmt.Errorf("stdin holds %s already: name a file for %s", in.taken, what)
	}
	in.taken = what
	return in.from, nil
}

// open opens a file, or stdin where the path is "-" or there is none.
func (p *program) open(path, what string) (io.ReadCloser, error) {
	if path != "" && path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		return f, nil
	}
	from, err := p.in.take(what)
	if err != nil {
		return nil, err
	}
	if f, isFile := from.(*os.File); isFile && term.IsTerminal(int(f.Fd())) {
		fmt.Fprintf(p.errs, "%s, then Ctrl-D:\n", what)
	}
	return io.NopCloser(from), nil
}

// numbersHelp says of a command how it is told about people.
const numbersHelp = "Numbers come from a file or from stdin, a line each. They are not taken as arguments, for those are seen by\n" +
	"everybody on the machine and kept in the shell's history."

// numbers reads phone numbers, a line each.
func (p *program) numbers(args []string) (list []string, err error) {
	path := ""
	if len(args) > 0 {
		path = args[0]
	}
	from, err := p.open(path, "phone numbers, a line each")
	if err != nil {
		return nil, misuse(fmt.Errorf("read phone numbers: %w", err))
	}
	defer from.Close()
	lines := bufio.NewScanner(from)
	for lines.Scan() {
		if number := strings.TrimSpace(lines.Text()); number != "" {
			list = append(list, number)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, misuse(fmt.Errorf("read phone numbers: %w", err))
	}
	if len(list) == 0 {
		return nil, misuse(errors.New("read phone numbers: there is none: want one a line, as +393401234567"))
	}
	return list, nil
}

// oneFileAtMost is for commands that read a file or stdin.
func oneFileAtMost(_ *cobra.Command, args []string) error {
	if len(args) > 1 {
		return fmt.Errorf("want one argument at most, FILE, not %d", len(args))
	}
	return nil
}
