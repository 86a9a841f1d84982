package fallback

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
)

var threeLegs = campaign.Campaign{ID: "c", Route: campaign.Route{
	{Channel: campaign.WhatsApp, Account: "a", Wait: 1}, {Channel: campaign.RCS, Account: "a", Wait: 1}, {Channel: campaign.SMS, Account: "a", Wait: 1},
}}

// TestEveryPair holds what each event does in each phase, for the message's own
// attempt on the second of three legs, on the last leg, and for news of the first leg.
// So silence is a choice: a pair that nobody decided shows as "-" in the golden file,
// and a change of any pair as a diff.
func TestEveryPair(t *testing.T) {
	m := campaign.IDKey{}.Message("c", "+39340", "")
	situations := []struct {
		name   string
		leg    uint8
		of     int
		ticket Stamp
		marks  Marks
		late   bool // a later leg was sent
		wrong  bool // the recipient, everywhere
		remedy Remedy
	}{
		{"own attempt, more legs", 1, 1, 7, 0, false, false, Await},
		{"own attempt, last leg", 2, 2, 7, 0, false, false, Await},
		{"own attempt, another claim", 1, 1, 8, 0, false, false, Await},
		{"own attempt, cancelled meanwhile", 1, 1, 7, Final, false, false, Await},
		{"own attempt, the provider can be asked", 1, 1, 7, 0, false, false, Ask},
		{"own attempt, the provider can be asked, cancelled meanwhile", 1, 1, 7, Final, false, false, Ask},
		{"own attempt, it can be repeated", 1, 1, 7, 0, false, false, Repeat},
		{"own attempt, it can be repeated, cancelled meanwhile", 1, 1, 7, Final, false, false, Repeat},
		{"the first leg's attempt", 1, 0, 7, 0, false, false, Await},
		{"the first leg's attempt, and a later one was sent", 1, 0, 7, 0, true, false, Await},
		{"own attempt, and the recipient is wrong everywhere", 1, 1, 7, 0, false, true, Await},
		{"the first leg's attempt, and the recipient is wrong everywhere", 1, 0, 7, 0, false, true, Await},
	}
	var out bytes.Buffer
	for _, sit := range situations {
		fmt.Fprintf(&out, "== %s\n%-14s", sit.name, "")
		for _, p := range Phases() {
			fmt.Fprintf(&out, " %-12s", p)
		}
		for k := range eventCount {
			fmt.Fprintf(&out, "\n%-14s", k)
			for _, p := range Phases() {
				s := State{Phase: p, Leg: sit.leg, Ticket: 7, Marks: sit.marks}
				next, do := Step(&threeLegs, s, Event{Kind: k, Attempt: m.Attempt(sit.of, 0), Mark: sit.ticket, overtaken: sit.late, Everywhere: sit.wrong, remedy: sit.remedy, settled: true})
				fmt.Fprintf(&out, " %-12s", short(s, next, do))
			}
		}
		out.WriteString("\n\n")
	}
	lines := strings.Split(out.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	golden(t, "testdata/pairs.txt", strings.Join(lines, "\n"))
}

// short says what changed: "waiting", "scheduled+1" for a hop, "+late" for a mark, "ask"
// for a question.
func short(s, next State, do Effects) string {
	if s == next && do == 0 {
		return "-"
	}
	text := next.Phase.String()
	if next.Checks > s.Checks {
		return map[Effects]string{Inquire: "ask", nothing: "wait on"}[do]
	}
	if next.Phase == s.Phase && next.Leg == s.Leg {
		text = strings.TrimSpace("+" + (next.Marks &^ s.Marks).String())
	}
	if hop := int(next.Leg) - int(s.Leg); hop != 0 {
		text = fmt.Sprintf("%.9s%+d", text, hop)
	}
	return text
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (renew it with -update if that is right).\ngot:\n%s\nwant:\n%s", file, got, want)
	}
}

// TestOneRowQueues holds the rule that everything goes back to the line first, and that
// a question takes a message nowhere.
func TestOneRowQueues(t *testing.T) {
	n := 0
	for _, r := range table {
		if r.do&Enqueue != 0 || r.to == Queued {
			n++
		}
		if r.do&Inquire != 0 && (r.leg != recheck || r.from != only(r.to)) {
			t.Errorf("%s asks, and takes a message from %v to %s", r.on, r.from.list(), r.to)
		}
	}
	if n != 1 {
		t.Errorf("%d rows queue a send, want exactly one", n)
	}
}

func TestClosedPhasesAreFinal(t *testing.T) {
	for _, r := range table {
		for _, from := range r.from.list() {
			if !from.Open() && r.to != same && r.to != from && r.on != OnRetry {
				t.Errorf("%s leaves the closed phase %s for %s", r.on, from, r.to)
			}
		}
	}
}

// TestDiagramInReadme holds the README's picture against the table.
func TestDiagramInReadme(t *testing.T) {
	var want bytes.Buffer
	if err := WriteDiagram(&want); err != nil {
		t.Fatal(err)
	}
	const file = "../README.md"
	readme, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(readme), "```mermaid\nstateDiagram-v2\n")
	_, after, closed := strings.Cut(rest, "```\n")
	if !found || !closed {
		t.Fatalf("%s has no ```mermaid stateDiagram-v2 block", file)
	}
	renewed := before + "```mermaid\n" + want.String() + "```\n" + after
	if *update {
		if err := os.WriteFile(file, []byte(renewed), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if renewed != string(readme) {
		t.Errorf("the diagram in %s is not the table's (renew it with -update):\n%s", file, want.String())
	}
}
