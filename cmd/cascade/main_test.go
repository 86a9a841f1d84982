package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/client"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/store"
)

func TestExitCodes(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		err  error
		want exit
	}{
		{nil, 0},
		{errors.New("anything"), 1},
		{misuse(errors.New("a flag")), 2},
		{&campaign.FileError{Name: "f", Problems: []campaign.Problem{{Text: "bad"}}}, 2},
		{&exitError{code: exitUnclean}, 3},
		{fallback.ErrNoCampaign, 5},
		{fallback.ErrNoMessage, 5},
		{&store.DifferentError{}, 6},
		{&store.WrongStateError{}, 6},
		{store.ErrRedisFull, 7},
		{&client.Problem{Status: 400}, 2},
		{&client.Problem{Status: 401}, 4},
		{&client.Problem{Status: 403}, 4},
		{&client.Problem{Status: 404}, 5},
		{&client.Problem{Status: 409}, 6},
		{&client.Problem{Status: 409, Type: "urn:cascade:problem:in-progress"}, 7},
		{&client.Problem{Status: 422}, 2},
		{&client.Problem{Status: 429}, 7},
		{&client.Problem{Status: 503}, 7},
		{&client.Problem{Status: 500}, 1},
	} {
		err := x.err
		if err != nil {
			err = fmt.Errorf("wrapped: %w", err)
		}
		if got := exitCode(err); got != x.want {
			t.Errorf("exit code of %v: %d, want %d", x.err, got, x.want)
		}
	}
}

func TestLogForPeopleAndMachines(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		terminal       bool
		noColor        string
		json, coloured bool
	}{
		{terminal: false, json: true},
		{terminal: true, coloured: true},
		{terminal: true, noColor: "1"},
	} {
		var b bytes.Buffer
		p := &program{errs: &b, terminal: x.terminal, env: func(name string) (string, bool) { return x.noColor, name == "NO_COLOR" }}
		p.log().Debug("too quiet")
		p.log().Info("loud enough")
		line := b.String()
		if !strings.Contains(line, "loud enough") || strings.Contains(line, "too quiet") ||
			strings.HasPrefix(line, "{") != x.json || strings.Contains(line, "\x1b[") != x.coloured {
			t.Errorf("terminal %v, NO_COLOR %q: logged %q; want JSON %v, colours %v", x.terminal, x.noColor, line, x.json, x.coloured)
		}
	}
}

func TestLogLevel(t *testing.T) {
	t.Parallel()
	p := &program{out: io.Discard, errs: io.Discard, env: func(string) (string, bool) { return "", false }}
	if code := p.run(context.Background(), "version", "--log-level", "warn"); code != 0 || p.level != slog.LevelWarn {
		t.Errorf("exit code %d, level %v; want 0 and WARN", code, p.level)
	}
}

func TestPrintedTextCommandsNoTerminal(t *testing.T) {
	t.Parallel()
	if got, want := printable("a\x1b[2Jb\tc\nd\x07\u009b1m"), "a[2Jb\tc\nd1m"; got != want {
		t.Errorf("printable gives %q, want %q", got, want)
	}
}
