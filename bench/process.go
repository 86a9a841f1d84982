package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is one that the bench started, and ends.
type process struct {
	name string
	cmd  *exec.Cmd
	out  string // file with what it says
}

// start starts a program that ends with the bench.
func (l *lab) start(name, program string, env []string, args ...string) (*process, error) {
	p := &process{name: name, cmd: exec.Command(program, args...), out: filepath.Join(l.dir, name+".log")}
	out, err := os.Create(p.out)
	if err != nil {
		return nil, err
	}
	defer func() { _ = out.Close() }()
	p.cmd.Stdout, p.cmd.Stderr = out, out
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return p, nil
}

// stopAll asks several to end, and adds up.
func stopAll(all []*process) (cpu time.Duration) {
	for _, p := range all {
		_ = p.cmd.Process.Signal(syscall.SIGTERM)
	}
	for _, p := range all {
		_ = p.cmd.Wait()
		cpu += p.used()
	}
	return cpu
}

// wait waits for one that ends by itself, and gives what it said.
func (p *process) wait() ([]byte, error) {
	err := p.cmd.Wait()
	said, readErr := os.ReadFile(p.out)
	if err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", p.name, err, said)
	}
	return said, readErr
}

// peak is the most memory that it has had so far, now what it has, in megabytes.
func (p *process) peak() float64 { return p.status("VmHWM:") }
func (p *process) now() float64  { return p.status("VmRSS:") }

func (p *process) status(name string) float64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	for line := range strings.Lines(string(text)) {
		if value, found := strings.CutPrefix(line, name); found {
			kilobytes, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 64)
			return kilobytes / 1024
		}
	}
	return 0
}

// used and peaked are of one that has ended: its CPU, and the most memory that it had,
// in megabytes.
func (p *process) used() time.Duration {
	return p.cmd.ProcessState.UserTime() + p.cmd.ProcessState.SystemTime()
}

func (p *process) peaked() float64 {
	usage, _ := p.cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if usage == nil {
		return 0
	}
	return float64(usage.Maxrss) / 1024
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

// cpu is what it has used so far.
func (p *process) cpu() time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	// The name in parentheses may hold anything; user and system time are the 12th and
	// 13th field after it, in hundredths of a second.
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	var ticks int
	for _, f := range fields[11:13] {
		n, _ := strconv.Atoi(f)
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// until asks every few milliseconds until it is so.
func until(ctx context.Context, what string, within time.Duration, so func() (bool, error)) error {
	ctx, done := context.WithTimeout(ctx, within)
	defer done()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		yes, err := so()
		if yes {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("waited %s for %s", within, what), err)
		}
	}
}
