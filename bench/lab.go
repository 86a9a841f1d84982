package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
)

// lab is what all measurements share: a folder, and the program under test, built
// from this checkout.
type lab struct {
	dir, binary, self string
	runs              int
	scale             float64
	drawing           string // file for the curve of million
}

func newLab(ctx context.Context, runs int, scale float64) (*lab, error) {
	dir, err := os.MkdirTemp("", "cascade-bench-")
	if err != nil {
		return nil, err
	}
	l := &lab{dir: dir, binary: filepath.Join(dir, "cascade"), runs: runs, scale: scale}
	if l.self, err = os.Executable(); err != nil {
		return nil, err
	}
	build := exec.CommandContext(ctx, "go", "build", "-o", l.binary, "github.com/seed-438792ba/cascade/cmd/cascade")
	if text, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build cascade: %w\n%s", err, text)
	}
	return l, nil
}

func (l *lab) close() { _ = os.RemoveAll(l.dir) }

// sized is a share of the usual amount of work.
func (l *lab) sized(n int) int { return max(int(float64(n)*l.scale), 1) }

// machine says on what this was measured.
func (l *lab) machine() string {
	model := "unknown processor"
	text, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(text)) {
		if value, found := strings.CutPrefix(line, "model name"); found {
			model = strings.TrimSpace(strings.TrimLeft(value, "\t :"))
			break
		}
	}
	server, _ := exec.Command("redis-server", "--version").Output()
	version := "redis"
	if fields := strings.Fields(string(server)); len(fields) > 2 {
		version = "Redis " + strings.TrimPrefix(fields[2], "v=")
	}
	return fmt.Sprintf("%d cores of %s, shared by everything; %s, %s; commit %s; %d runs of each side, medians.",
		cores(), model, runtime.Version(), version, commit(), l.runs)
}

func cores() int { return runtime.NumCPU() }

func commit() string {
	text, err := exec.Command("git", "rev-parse", "--short", "HEAD").Output()
	if err == nil {
		return strings.TrimSpace(string(text))
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return "unknown"
}

// freeAddr is a free address of the loopback interface.
func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String(), nil
}
