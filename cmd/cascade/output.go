package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
)

// format is how a command prints its data.
type format string

const (
	asText format = "text"
	asJSON format = "json"
)

func (f *format) String() string { return string(*f) }

// Set reads the flag's value.
func (f *format) Set(s string) error {
	switch format(s) {
	case asText, asJSON:
		*f = format(s)
		return nil
	}
	return fmt.Errorf("want %s or %s", asText, asJSON)
}

// Type is shown in the help.
func (f *format) Type() string { return "text|json" }

// outputFlag adds --output to a command.
func outputFlag(cmd *cobra.Command) *format {
	f := asText
	cmd.Flags().Var(&f, "output", "print text for people, or one line of JSON")
	return &f
}

// printable leaves out what would command a terminal: a file's header may hold it.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text)
}

// print writes a command's data: v as JSON, or what text makes of it.
func (p *program) print(f format, v any, text func(io.Writer)) error {
	var b bytes.Buffer
	if f == asJSON {
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(v); err != nil {
			return fmt.Errorf("print as JSON: %w", err)
		}
	} else {
		var words bytes.Buffer
		text(&words)
		b.WriteString(printable(words.String()))
	}
	if _, err := b.WriteTo(p.out); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}
