//go:build proof && linux

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/provider/simulator"
)

// proveRestore loses Redis in the middle of a campaign and puts back a copy of its files
// that is minutes old in the campaign's time: a part of the people was sent to since, of
// which the copy knows nothing. Then it does what docs/backup.md says. Nobody may be sent
// to twice, though nothing but the provider remembers.
func proveRestore(t *testing.T, binary string) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("docs/replay.py needs python3: install it to prove the restore")
	}
	people := sized(6_000, 1_500)
	l := newLab(t, binary, setup{account: "150/1s", scenario: lively()})
	const id = "restore"
	running := []*process{l.serve("api"), l.scheduler(), l.worker("one", "")}
	l.begin(id, sample(id, 8*time.Second, 6*time.Second, 6*time.Second), rows(people, nil))
	l.requests(people*3/10, 2*time.Minute)
	files, backup := l.copyRedis()
	l.requests(people*6/10, 2*time.Minute)
	for _, p := range running {
		p.kill()
	}
	l.redis.Kill()
	forgotten := l.stats().Requests
	l.putBack(files, backup)

	// What docs/backup.md says: the API alone, all sending stopped, what the provider knows
	// told again, and only then the others.
	l.serve("api")
	l.post("/v1/stop", "application/json", strings.NewReader(`{"reason": "restored"}`), nil)
	l.told()
	replay := exec.Command(python, "../../docs/replay.py")
	replay.Env = append(os.Environ(), "CASCADE_CALLBACKS="+l.api+"/callbacks/qlara/"+proofSecret)
	replay.Stdin = strings.NewReader(report(l.log()))
	if out, err := replay.CombinedOutput(); err != nil {
		t.Fatalf("docs/replay.py: %v\n%s", err, out)
	}
	l.scheduler()
	l.worker("two", "")
	l.post("/v1/resume", "application/json", strings.NewReader(`{"reason": "told again"}`), nil)
	l.closed(id, time.Duration(people)*20*time.Millisecond+3*time.Minute)
	l.told()
	log := l.log()
	j := l.judge(log)
	problems, err := l.ledger.Audit(t.Context(), l.ledger.IDKey().Number(id))
	if err != nil || len(problems) > 0 {
		t.Errorf("the books do not balance: %v %v", err, problems)
	}
	l.balanced(l.ledgerSummary(id), people)
	if n := len(j.last); n != people {
		t.Errorf("%d of %d people were sent to", n, people)
	}
	l.proved("restore: %d people, Redis put back from a copy of when %d requests had been sent, after %d; what the provider knew told again: lost 0, twice 0, requests %d, taken %d",
		people, people*3/10, forgotten, j.requests, j.taken)
}

// copyRedis copies the append-only files of the running server, whose rewriting stands
// still meanwhile. It gives their folder and that of the copy.
func (l *lab) copyRedis() (files, backup string) {
	l.Helper()
	admin := l.redis.Admin(l.T)
	set, err := admin.ConfigGet(l.Context(), "*dir*").Result()
	if err == nil {
		err = admin.ConfigSet(l.Context(), "auto-aof-rewrite-percentage", "0").Err()
	}
	files, backup = filepath.Join(set["dir"], set["appenddirname"]), filepath.Join(l.dir, "backup")
	if err := errors.Join(err, os.CopyFS(backup, os.DirFS(files))); err != nil {
		l.Fatal(err)
	}
	return files, backup
}

// putBack replaces the files of the server, which is away, and starts it.
func (l *lab) putBack(files, backup string) {
	l.Helper()
	if err := errors.Join(os.RemoveAll(files), os.CopyFS(files, os.DirFS(backup))); err != nil {
		l.Fatal(err)
	}
	l.redis.Restart(l.T)
	l.forgot = true
}

// report is what the provider knows of everything it took, as docs/replay.py reads it.
func report(log []simulator.Record) string {
	var text strings.Builder
	fmt.Fprintln(&text, "id,state")
	for _, r := range log {
		state := "sent"
		for _, c := range r.Callbacks {
			if c.Kind == "delivered" || c.Kind == "undeliverable" {
				state = c.Kind
			}
		}
		if r.Taken {
			fmt.Fprintf(&text, "%s,%s\n", r.MessageID, state)
		}
	}
	return text.String()
}
