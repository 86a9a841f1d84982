//go:build proof && linux

package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// upgradeVariable names the revision from which proveUpgrade upgrades.
const upgradeVariable = "CASCADE_PROOF_FROM"

// proveUpgrade replaces the processes of the previous commit by those of this one, one
// after the other, while a campaign runs: two workers, the scheduler, the API with its
// callbacks; and then one worker back again, for an upgrade may have to be undone. Nobody
// is lost, and nobody gets it twice.
func proveUpgrade(t *testing.T, binary string) {
	people := sized(10_000, 2_000)
	former, from := formerBuild(t, binary)
	l := newLab(t, former, setup{account: "200/1s", scenario: lively()})
	const id = "upgrade"
	api, scheduler := l.serve("api"), l.scheduler()
	one, two := l.worker("former", ""), l.worker("former", "")
	watch, began := l.watch(id), time.Now()
	l.begin(id, sample(id, 8*time.Second, 6*time.Second, 6*time.Second), rows(people, nil))
	longest := time.Duration(0)
	replace := func(version string, p *process, start func() *process) *process {
		longest = max(longest, l.drain(p))
		l.binary = version
		return start()
	}
	worker := func() *process { return l.worker("next", "") }
	for i, step := range []func(){
		func() { one = replace(binary, one, worker) },
		func() { two = replace(binary, two, worker) },
		func() { replace(binary, scheduler, l.scheduler) },
		func() { replace(binary, api, func() *process { return l.serve("api") }) },
		func() { one = replace(former, one, worker) },
	} {
		l.requests((i+1)*people*8/10/5, 2*time.Minute)
		step()
	}
	sum := l.closed(id, time.Duration(people)*20*time.Millisecond+3*time.Minute)
	took := time.Since(began)
	l.told()
	watch.end()
	log := l.log()
	j := l.judge(log)
	l.settled(id, people, log)
	l.proved("upgrade from %s: %d people, two workers, scheduler and API replaced one after the other and one worker put back, each drained within %.2fs: lost 0, twice 0, requests %d, taken %d, escalated %d, unknown resolved %v, longest in sending %.1fs, queued %.1fs, all closed in %.0fs",
		from, people, longest.Seconds(), j.requests, j.taken, j.escalated, sum.UnknownResolved, watch.sending.Seconds(), watch.queued.Seconds(), took.Seconds())
}

// formerBuild makes the binary of the previous commit, and says which that is. Where there
// is no history, as in a shallow clone, this very build takes its place: then only the
// order of things is proved, and the figures say so.
func formerBuild(t *testing.T, binary string) (former, from string) {
	t.Helper()
	revision := cmp.Or(os.Getenv(upgradeVariable), "HEAD~1")
	out, err := exec.Command("git", "rev-parse", "--short", "--verify", "--quiet", revision+"^{commit}").Output()
	if err != nil {
		t.Logf("there is no %s here: the same build takes its place. A clone with history, or git fetch --deepen=1, has it", revision)
		return binary, "the same build, for want of history,"
	}
	commit, folder := strings.TrimSpace(string(out)), t.TempDir()
	former = filepath.Join(folder, "cascade")
	ctx, done := context.WithTimeout(t.Context(), 5*time.Minute)
	defer done()
	script := fmt.Sprintf("git -C \"$(git rev-parse --show-toplevel)\" archive %s | tar -x -C %q && cd %[2]q && go build -o %q ./cmd/cascade", commit, folder, former)
	if text, err := exec.CommandContext(ctx, "sh", "-c", script).CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v\n%s", revision, err, text)
	}
	return former, commit
}
