package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// everyCommand calls f for each command that is ours.
func everyCommand(cmd *cobra.Command, f func(*cobra.Command)) {
	f(cmd)
	for _, sub := range cmd.Commands() {
		everyCommand(sub, f)
	}
}

// TestEveryCommandExplainsItself asks each command what a person asks of its --help, and
// runs its example as far as a mistake in the command line would be found.
func TestEveryCommandExplainsItself(t *testing.T) {
	t.Parallel()
	told := 0
	everyCommand(root(&program{}), func(cmd *cobra.Command) {
		name := cmd.CommandPath()
		if cmd.Short == "" || strings.HasSuffix(cmd.Short, ".") {
			t.Errorf("%s: its Short is %q: want half a sentence without its full stop", name, cmd.Short)
		}
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Usage == "" {
				t.Errorf("%s --%s says nothing of itself", name, f.Name)
			}
		})
		if cmd.HasSubCommands() {
			return
		}
		told++
		if cmd.Example == "" {
			t.Errorf("%s has no example: write one into examples", name)
			return
		}
		if wrong := tried(strings.TrimSpace(cmd.Example)); wrong != nil {
			t.Errorf("%s: its example %s: %v", name, cmd.Example, wrong)
		}
	})
	if told != len(examples) {
		t.Errorf("%d examples for %d commands", len(examples), told)
	}
}

// tried parses a command line of a shell, up to where it is redirected.
func tried(line string) error {
	line = regexp.MustCompile(` [<>] \S+$`).ReplaceAllString(line, "")
	var args []string
	for _, word := range regexp.MustCompile(`'[^']*'|\S+`).FindAllString(line, -1) {
		args = append(args, strings.Trim(word, "'"))
	}
	cmd, rest, err := root(&program{}).Find(args[1:])
	if err != nil {
		return err
	}
	if err := cmd.ParseFlags(rest); err != nil {
		return err
	}
	return cmd.ValidateArgs(cmd.Flags().Args())
}

// TestTheManualHasEveryCommand writes the pages twice, for they are to be the same.
func TestTheManualHasEveryCommand(t *testing.T) {
	t.Parallel()
	read := func() map[string]string {
		dir := filepath.Join(t.TempDir(), "man1")
		p := &program{out: &bytes.Buffer{}, errs: &bytes.Buffer{}, env: func(string) (string, bool) { return "", false }}
		if code := p.run(t.Context(), "man", dir); code != 0 {
			t.Fatalf("exit code %d: %s", code, p.errs)
		}
		pages := map[string]string{}
		files, _ := filepath.Glob(filepath.Join(dir, "*.1"))
		for _, path := range files {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			pages[filepath.Base(path)] = string(text)
		}
		return pages
	}
	first, second := read(), read()
	everyCommand(root(&program{}), func(cmd *cobra.Command) {
		page := strings.ReplaceAll(cmd.CommandPath(), " ", "-") + ".1"
		if first[page] == "" || first[page] != second[page] {
			t.Errorf("%s: a page of %d bytes, and the second time of %d", page, len(first[page]), len(second[page]))
		}
	})
}

func TestCompletionOfEveryShell(t *testing.T) {
	t.Parallel()
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		var out bytes.Buffer
		p := &program{out: &out, errs: &out, env: func(string) (string, bool) { return "", false }}
		if code := p.run(t.Context(), "completion", shell); code != 0 || !strings.Contains(out.String(), "cascade") {
			t.Errorf("completion %s: exit code %d, %d bytes", shell, code, out.Len())
		}
	}
}
