//go:build proof && linux

package main

import (
	"bufio"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// proveImport uploads a large file to a process with the API's role: its memory does
// not grow with the rows, a message costs Redis no more than its budget, and the same
// file again adds nobody.
func proveImport(t *testing.T, binary string) {
	people := sized(1_000_000, 100_000)
	const memory, budget = 150, 450 // MB of the process, bytes of Redis for each message
	l := newLab(t, binary, setup{scenario: calm()})
	const id = "import"
	file := l.people(people)
	serve := l.serve("api")
	l.post("/v1/campaigns", "application/yaml", strings.NewReader(sample(id, time.Hour, time.Hour, time.Hour)), nil)
	used := l.usedMemory()
	first, took := l.upload(id, file)
	perMessage := float64(l.usedMemory()-used) / float64(people)
	peak := kilobytes(t, serve.status("VmHWM")) / 1024
	again, tookAgain := l.upload(id, file)
	if first.Accepted != people || first.Rejected != 0 {
		t.Errorf("the file of %d rows was answered %+v", people, first)
	}
	if again.Accepted != 0 || again.AlreadyThere != people {
		t.Errorf("the same file again was answered %+v, want all there already", again)
	}
	if peak >= memory {
		t.Errorf("the process took %d MB at its peak, want less than %d", peak, memory)
	}
	if perMessage > budget {
		t.Errorf("a message costs Redis %.0f bytes, want at most %d", perMessage, budget)
	}
	l.proved("import: %d rows in %.1fs (%.0f rows/s), again in %.1fs: 0 new; peak memory %d MB, Redis %.0f bytes for each open message",
		people, took.Seconds(), float64(people)/took.Seconds(), tookAgain.Seconds(), peak, perMessage)
}

// people writes a file of so many recipients.
func (l *lab) people(n int) string {
	l.Helper()
	path := filepath.Join(l.dir, "people.csv")
	f, err := os.Create(path)
	if err != nil {
		l.Fatal(err)
	}
	w := bufio.NewWriter(f)
	recipients(w, n, nil)
	if err := w.Flush(); err != nil {
		l.Fatal(err)
	}
	if err := f.Close(); err != nil {
		l.Fatal(err)
	}
	return path
}

func (l *lab) upload(id, file string) (report campaign.ImportReport, took time.Duration) {
	l.Helper()
	f, err := os.Open(file)
	if err != nil {
		l.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	began := time.Now()
	l.post("/v1/campaigns/"+id+"/recipients", "text/csv", f, &report)
	return report, time.Since(began)
}

// usedMemory is what Redis' data takes, in bytes.
func (l *lab) usedMemory() int {
	l.Helper()
	info, err := l.clients.Client.Info(l.Context(), "memory").Result()
	if err != nil {
		l.Fatal(err)
	}
	for line := range strings.Lines(info) {
		if value, found := strings.CutPrefix(line, "used_memory:"); found {
			n, _ := strconv.Atoi(strings.TrimSpace(value))
			return n
		}
	}
	l.Fatal("INFO memory lacks used_memory")
	return 0
}

func kilobytes(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(strings.TrimSuffix(text, " kB"))
	if err != nil {
		t.Fatalf("a process's memory is %q: %v", text, err)
	}
	return n
}
