package store

import (
	"fmt"
	"strconv"
	"strings"
)

// Finding is something about a Redis server that endangers messages.
type Finding struct {
	Severity Severity
	Text     string // what was found and what it leads to
	Mend     string // the command or the setting that mends it
}

// Severity says what to do about a finding.
type Severity uint8

// A warning is shown and lived with; a refusal keeps the program from starting.
const (
	Warn Severity = iota
	Refuse
)

func (s Severity) String() string {
	if s == Refuse {
		return "refuse"
	}
	return "warn"
}

// judge names all that is wrong with a server, and says nothing of what it hides but
// that it hides it. slots tells whether the client follows a cluster's slots.
func judge(f Facts, slots bool) []Finding {
	var findings []Finding
	for _, rule := range []func(Facts) (Finding, bool){judgeVersion, judgeEviction, judgeMemory, judgeDisk, judgeFsync, judgeExpiry, judgeHidden} {
		if finding, found := rule(f); found {
			findings = append(findings, finding)
		}
	}
	if f.Mode == "cluster" && !slots {
		findings = append(findings, Finding{Refuse, "the server is a node of a cluster, but its address is that of a single server",
			"write the address as redis-cluster://host,host"})
	}
	return findings
}

// judgeVersion wants 6.2: asynq's scripts use commands that came with it.
func judgeVersion(f Facts) (Finding, bool) {
	major, rest, _ := strings.Cut(f.Version, ".")
	minor, _, _ := strings.Cut(rest, ".")
	x, errMajor := strconv.Atoi(major)
	y, errMinor := strconv.Atoi(minor)
	old := errMajor == nil && errMinor == nil && (x < 6 || x == 6 && y < 2)
	return Finding{Refuse, fmt.Sprintf("the server is Redis %s; the queue needs commands that came with 6.2", f.Version),
		"install Redis 6.2 or newer, or Valkey"}, old
}

func judgeEviction(f Facts) (Finding, bool) {
	finding := Finding{
		Severity: Refuse,
		Text:     fmt.Sprintf("maxmemory-policy is %s: a full server would throw messages away", f.Eviction),
		Mend:     "CONFIG SET maxmemory-policy noeviction",
	}
	if f.Memory.Max == 0 {
		finding.Severity = Warn // nothing is thrown away before a limit is set
	}
	return finding, f.Eviction != "" && f.Eviction != "noeviction"
}

func judgeMemory(f Facts) (Finding, bool) {
	return Finding{Warn, "maxmemory is not set: imports cannot be refused before the machine's memory is full",
		"CONFIG SET maxmemory to about three quarters of the machine's memory"}, f.Memory.Used > 0 && f.Memory.Max == 0
}

func judgeDisk(f Facts) (Finding, bool) {
	mend := "CONFIG SET appendonly yes"
	switch {
	case f.AOF != "no" || f.Save == "":
		return Finding{}, false
	case f.Save == "never":
		return Finding{Warn, "nothing is written to disk: a restarted server has forgotten who was sent to", mend}, true
	}
	return Finding{Warn, "only snapshots are written to disk: a killed server has forgotten its last minutes, and sends made in them may be made again", mend}, true
}

func judgeFsync(f Facts) (Finding, bool) {
	return Finding{Warn, "appendfsync is no: a power failure loses what the system had not written yet, half a minute and more",
		"CONFIG SET appendfsync everysec, or always to survive a power failure"}, f.AOF == "yes" && f.Fsync == "no"
}

func judgeExpiry(f Facts) (Finding, bool) {
	return Finding{Warn, "lazyfree-lazy-expire is no: everything waits while a finished campaign's keys expire",
		"CONFIG SET lazyfree-lazy-expire yes"}, f.LazyExpire == "no"
}

// judgeReplicas looks whether a server that can be replaced is waited for.
func judgeReplicas(f Facts, confirming int) (Finding, bool) {
	return Finding{Warn, "the server has replicas, but nothing waits for them: after a failover its last moments are forgotten, and who was sent to in them may be sent to again",
		"add replicas=1 to the address of Redis, as in redis-sentinel://host1,host2/mymaster?replicas=1"}, f.Replicas > 0 && confirming == 0
}

func judgeHidden(f Facts) (Finding, bool) {
	var hidden []string
	for _, fact := range []struct{ name, value string }{
		{"its version", f.Version}, {"maxmemory-policy", f.Eviction}, {"appendonly", f.AOF},
	} {
		if fact.value == "" {
			hidden = append(hidden, fact.name)
		}
	}
	return Finding{Warn, "the server does not tell " + strings.Join(hidden, ", "),
		"make sure by its own console: Redis 6.2 or newer, maxmemory-policy noeviction, appendonly yes"}, len(hidden) > 0
}
