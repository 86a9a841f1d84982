package store

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-438792ba/cascade/store/redistest"
)

func goodFacts() Facts {
	return Facts{
		Version: "7.0.15", Mode: "standalone", Memory: Memory{Used: 1, Max: 100}, Eviction: "noeviction",
		AOF: "yes", Fsync: "everysec", Save: "3600 1", LazyExpire: "yes",
	}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*Facts)
		want   string // "severity word", words of the one finding; "" for none
	}{
		{"all is well", func(*Facts) {}, ""},
		{"oldest allowed", func(f *Facts) { f.Version = "6.2.0" }, ""},
		{"major version above", func(f *Facts) { f.Version = "8.0" }, ""},
		{"too old", func(f *Facts) { f.Version = "6.0.16" }, "refuse 6.0.16"},
		{"much too old", func(f *Facts) { f.Version = "5.9.1" }, "refuse 5.9.1"},
		{"evicts", func(f *Facts) { f.Eviction = "allkeys-lru" }, "refuse CONFIG SET maxmemory-policy noeviction"},
		{"no disk", func(f *Facts) { f.AOF, f.Save = "no", "never" }, "warn nothing is written"},
		{"snapshots only", func(f *Facts) { f.AOF = "no" }, "warn only snapshots"},
		{"no snapshots", func(f *Facts) { f.Save = "never" }, ""},
		{"no fsync", func(f *Facts) { f.Fsync = "no" }, "warn appendfsync"},
		{"fsync always", func(f *Facts) { f.Fsync = "always" }, ""},
		{"expires in the way", func(f *Facts) { f.LazyExpire = "no" }, "warn lazyfree-lazy-expire"},
		{"no limit", func(f *Facts) { f.Memory.Max = 0 }, "warn maxmemory is not set"},
		{"a node of a cluster", func(f *Facts) { f.Mode = "cluster" }, "refuse redis-cluster://"},
		{"tells little", func(f *Facts) { *f = Facts{Version: "7.2"} }, "warn does not tell maxmemory-policy, appendonly"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := goodFacts()
			c.change(&f)
			findings := judge(f, false)
			if c.want == "" {
				if len(findings) != 0 {
					t.Errorf("judge(%+v) = %v, want no findings", f, findings)
				}
				return
			}
			severity, words, _ := strings.Cut(c.want, " ")
			if len(findings) != 1 || findings[0].Severity.String() != severity || !strings.Contains(findings[0].Text+findings[0].Mend, words) {
				t.Errorf("judge(%+v) = %+v, want one to %s with %q", f, findings, severity, words)
			}
		})
	}
}

func TestEvictionWithoutLimitIsOnlyWarnedOf(t *testing.T) {
	t.Parallel()
	f := goodFacts()
	f.Eviction, f.Memory.Max = "allkeys-lru", 0
	for _, finding := range judge(f, false) {
		if finding.Severity != Warn {
			t.Errorf("judge(%+v) refuses: %+v", f, finding)
		}
	}
}

func TestPreflightReadsARealServer(t *testing.T) {
	t.Parallel()
	client := redistest.Real(t, "--appendonly yes", "--maxmemory 100mb", "--maxmemory-policy allkeys-lru").Admin(t)
	facts, findings, err := Preflight(t.Context(), client)
	if err != nil {
		t.Fatal(err)
	}
	if facts.Version == "" || facts.Memory.Used == 0 {
		t.Errorf("facts %+v: version or memory is missing", facts)
	}
	want := Facts{
		Version: facts.Version, Mode: "standalone", Memory: Memory{facts.Memory.Used, 100 << 20}, Eviction: "allkeys-lru",
		AOF: "yes", Fsync: "everysec", Save: "never", LazyExpire: "no",
	}
	if diff := cmp.Diff(want, facts); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
	for _, f := range findings { // each mend is to be a command that works
		if command, isCommand := strings.CutPrefix(f.Mend, "CONFIG SET "); isCommand {
			name, value, _ := strings.Cut(command, " ")
			if err := redistest.Admin(t, client).ConfigSet(t.Context(), name, value).Err(); err != nil {
				t.Errorf("%s: %v", f.Mend, err)
			}
		}
	}
	if _, left, err := Preflight(t.Context(), client); err != nil || len(left) != 0 {
		t.Errorf("after mending %v, findings %v, %v", findings, left, err)
	}
}

func TestPreflightToleratesServersThatHide(t *testing.T) {
	t.Parallel()
	_, mini := redistest.Mini(t)
	facts, findings, err := Preflight(t.Context(), mini)
	if err != nil || len(findings) != 1 || findings[0].Severity != Warn {
		t.Errorf("miniredis: %+v, %+v, %v, want one warning", facts, findings, err)
	}
	hiding := redistest.Real(t, `--rename-command CONFIG ""`, `--maxmemory 100mb`).Client(t)
	facts, findings, err = Preflight(t.Context(), hiding)
	if err != nil || facts.Eviction != "noeviction" || facts.AOF != "no" || facts.Fsync != "" || len(findings) != 0 {
		t.Errorf("without CONFIG: %+v, %+v, %v, want what INFO tells and no findings", facts, findings, err)
	}
}

func TestPreflightLooksAtEveryPrimaryOfACluster(t *testing.T) {
	t.Parallel()
	nodes := redistest.Cluster(t)
	last := nodes.Servers[2].Admin(t)
	for name, value := range map[string]string{"maxmemory": "100mb", "maxmemory-policy": "volatile-ttl"} {
		if err := last.ConfigSet(t.Context(), name, value).Err(); err != nil {
			t.Fatal(err)
		}
	}
	facts, findings, err := Preflight(t.Context(), nodes.Client(t))
	if err != nil || facts.Mode != "cluster" || facts.Memory.Max != 100<<20 {
		t.Errorf("facts %+v, %v, want those of the node with a limit", facts, err)
	}
	if refusals := countOf(findings, Refuse); refusals != 1 {
		t.Errorf("%d refusals in %+v, want that of the one node that evicts", refusals, findings)
	}
	if m, err := MemoryUse(t.Context(), nodes.Client(t)); err != nil || m.Max != 100<<20 || m.Share() <= 0 || m.Share() >= 1 {
		t.Errorf("MemoryUse = %+v (share %g), %v, want that of the node with a limit", m, m.Share(), err)
	}
	if _, findings, err := Preflight(t.Context(), last); err != nil || countOf(findings, Refuse) != 2 {
		t.Errorf("through one node: %+v, %v, want the address refused as well", findings, err)
	}
}

func TestPreflightWithoutAServer(t *testing.T) {
	t.Parallel()
	s := redistest.Real(t)
	client := s.Client(t)
	s.Kill()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, _, err := Preflight(ctx, client); err == nil {
		t.Error("Preflight of a killed server: no error")
	}
	if _, err := MemoryUse(ctx, client); err == nil {
		t.Error("MemoryUse of a killed server: no error")
	}
}

func countOf(findings []Finding, s Severity) (n int) {
	for _, f := range findings {
		if f.Severity == s {
			n++
		}
	}
	return n
}
