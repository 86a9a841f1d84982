//go:build proof && linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// process is one process of a proof, with what it says in two files.
type process struct {
	name     string
	cmd      *exec.Cmd
	out, log string // files: what it prints, and what it logs
	ended    chan struct{}
	mayEnd   atomic.Bool // else its end fails the proof
}

// launch starts the binary in a process group of its own, which also ends with the
// test's own process.
func launch(t *testing.T, dir, name, binary string, env []string, args ...string) *process {
	t.Helper()
	p := &process{name: name, cmd: exec.Command(binary, args...), ended: make(chan struct{})}
	p.out, p.log = filepath.Join(dir, name+".out"), filepath.Join(dir, name+".log")
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	out, err1 := os.Create(p.out)
	log, err2 := os.Create(p.log)
	p.cmd.Stdout, p.cmd.Stderr = out, log
	if err := errors.Join(err1, err2, p.cmd.Start()); err != nil {
		t.Fatalf("start %s: %v", name, err)
	}
	go func() {
		defer close(p.ended)
		_ = p.cmd.Wait() // how it ended is asked of its state
		_, _ = out.Close(), log.Close()
	}()
	return p
}

// signal sends a signal to the process's group, if it still runs.
func (p *process) signal(s syscall.Signal) {
	select {
	case <-p.ended:
	default:
		_ = syscall.Kill(-p.cmd.Process.Pid, s)
	}
}

// kill ends it as kill -9 does, and returns when it has ended.
func (p *process) kill() {
	p.mayEnd.Store(true)
	p.signal(syscall.SIGKILL)
	<-p.ended
}

// exit is its exit code once it has ended; -1: a signal ended it.
func (p *process) exit() int { return p.cmd.ProcessState.ExitCode() }

func (p *process) hasEnded() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// frozen says whether the process stands still by SIGSTOP.
func (p *process) frozen() bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	at := bytes.LastIndexByte(text, ')') // the name before it may hold anything
	return err == nil && at >= 0 && at+2 < len(text) && text[at+2] == 'T'
}

// status gives a line of /proc/PID/status, as VmHWM.
func (p *process) status(key string) string {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	for line := range strings.Lines(string(text)) {
		if value, found := strings.CutPrefix(line, key+":"); found {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// printed is what it has printed so far.
func (p *process) printed(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(p.out)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// tail is the end of what it printed and logged, for a failure's report.
func (p *process) tail() string {
	const most = 4000
	var all strings.Builder
	for _, file := range []string{p.out, p.log} {
		text, _ := os.ReadFile(file)
		if len(text) > most {
			text = append([]byte("… "), text[len(text)-most:]...)
		}
		fmt.Fprintf(&all, "--- %s\n%s\n", filepath.Base(file), text)
	}
	return all.String()
}

// bounded ends a process at the end of its test, whatever state it is in.
func (p *process) bounded(t *testing.T) {
	p.mayEnd.Store(true)
	p.signal(syscall.SIGKILL)
	select {
	case <-p.ended:
	case <-time.After(10 * time.Second):
		t.Errorf("%s (process %d) did not end within 10s of SIGKILL", p.name, p.cmd.Process.Pid)
	}
}
