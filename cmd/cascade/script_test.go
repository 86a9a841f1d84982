package main

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain puts this binary on the PATH as cascade.
func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"cascade": main}) }

// TestScripts runs every script. With CASCADE_UPDATE_SCRIPTS set, what they expect of
// stdout and stderr is written anew: read the difference.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("CASCADE_UPDATE_SCRIPTS") != "",
		Setup:               surroundings,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "answers": answers},
	})
}

// surroundings gives each script two addresses of its own, for a server and a simulator,
// and the folder of the documents.
func surroundings(env *testscript.Env) error {
	docs, err := filepath.Abs("../../docs")
	if err != nil {
		return err
	}
	env.Setenv("DOCS", docs)
	for _, name := range []string{"SERVER_ADDRESS", "SIMULATOR_ADDRESS"} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		defer l.Close() // not before both are found
		env.Setenv(name, l.Addr().String())
	}
	return nil
}

// answers waits until a process in the background answers: answers http://127.0.0.1:8080/readyz.
func answers(ts *testscript.TestScript, _ bool, args []string) {
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); <-time.After(10 * time.Millisecond) {
		answer, err := http.Get(args[0])
		if err != nil {
			continue
		}
		if answer.Body.Close(); answer.StatusCode == http.StatusOK {
			return
		}
	}
	ts.Fatalf("%s does not answer", args[0])
}

// exits is exec for a command that must end with this code: exits 2 cascade bogus.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	switch err := ts.Exec(args[1], args[2:]...); {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	default:
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("%s ended with exit code %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

// TestSimulateEndsCleanly starts the real program and interrupts it.
func TestSimulateEndsCleanly(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		cmd := exec.Command("cascade", "simulate", "--listen", "127.0.0.1:0")
		stderr, err := cmd.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		var last string
		for lines := bufio.NewScanner(stderr); lines.Scan(); {
			if last = lines.Text(); strings.Contains(last, "0019") {
				break
			}
		}
		if err := cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		rest, _ := io.ReadAll(stderr)
		if err := cmd.Wait(); err != nil || len(rest) > 0 {
			t.Errorf("after %v: %v, and it said %q after %q; want exit code 0 and silence", signal, err, rest, last)
		}
	}
}
