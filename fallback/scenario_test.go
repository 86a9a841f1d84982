package fallback

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

var update = flag.Bool("update", false, "write what the machine says into the golden files")

// TestScenarios plays the stories in testdata/*.txt: the first line is the route, each
// line below it an event, what the machine made of it, and its effects. A line
// "at 30s" moves the clock; "paused" and "running" set the campaign's control.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/scenarios/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := play(t, string(want))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if got != string(want) {
				t.Errorf("%s plays differently (renew it with -update if that is right).\ngot:\n%s\nwant:\n%s", file, got, want)
			}
		})
	}
}

func play(t *testing.T, script string) string {
	t.Helper()
	var out strings.Builder
	var s *story
	for line := range strings.Lines(script) {
		text, comment, _ := strings.Cut(strings.TrimRight(line, "\n"), "#")
		fields := strings.Fields(text)
		if len(fields) == 0 {
			out.WriteString(line)
			continue
		}
		if fields[0] == "route" {
			s = begin(t, fields[1:])
			out.WriteString(line)
			continue
		}
		said := s.tell(t, fields)
		if comment != "" {
			said = fmt.Sprintf("%-58s #%s", said, comment)
		}
		out.WriteString(strings.TrimRight(said, " ") + "\n")
	}
	return out.String()
}

// story is one message and what is told to it.
type story struct {
	*memory
	door_ *Door
	id    campaign.MessageID
	claim map[int]Stamp // the mark of each leg's last job or claim
}

func begin(t *testing.T, legs []string) *story {
	t.Helper()
	c := campaign.Campaign{ID: "story"}
	m := newMemory(c)
	for _, leg := range legs {
		if leg == "at_least_once" {
			c.OnUnknown = campaign.AtLeastOnce
			continue
		}
		if remedy, is := map[string]Remedy{"asks": Ask, "repeats": Repeat}[leg]; is {
			m.remedy = remedy
			continue
		}
		if expires, found := strings.CutPrefix(leg, "expires="); found {
			c.Expires = duration(t, expires)
			continue
		}
		name, wait, _ := strings.Cut(leg, "/")
		names := strings.Split(name, ">") // the provider's chain
		first := campaign.Leg{Channel: channel(t, names[0]), Account: "a", Wait: duration(t, wait)}
		for _, name := range names[1:] {
			first.Chain = append(first.Chain, campaign.Leg{Channel: channel(t, name), Account: "a"})
		}
		c.Route = append(c.Route, first)
	}
	m.campaign = c
	return &story{memory: m, door_: m.door(), id: m.add("+393401234567"), claim: map[int]Stamp{}}
}

func channel(t *testing.T, name string) campaign.Channel {
	t.Helper()
	ch, err := campaign.ParseChannel(name)
	if err != nil {
		t.Fatal(err)
	}
	return ch
}

func duration(t *testing.T, s string) time.Duration {
	t.Helper()
	d, err := campaign.ParseDuration(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// tell plays one line and gives it back with what came of it.
func (s *story) tell(t *testing.T, fields []string) string {
	t.Helper()
	switch word := fields[0]; word {
	case "at":
		s.now = s.now.Add(duration(t, fields[1]))
		return word + " " + fields[1]
	case "paused", "running":
		s.paused = word == "paused"
		return word
	}
	e, said := s.event(t, fields)
	s.jobs, s.nudges = nil, 0
	saves := s.saves
	result := s.advance(e)
	after := s.records[s.id]
	switch after.State.Phase {
	case Queued, Sending:
		s.claim[int(after.State.Leg)] = after.State.Ticket
	}
	return fmt.Sprintf("%-22s %s", said, s.saw(result, after, s.saves > saves))
}

func (s *story) advance(e Event) Result {
	if e.Kind.lasting() || e.Kind == OnClaim || e.Kind == OnTooLate && e.Mark != 0 {
		results, _ := s.door_.Advance(context.Background(), s.now, Order{ID: s.id, Event: e})
		return results[0]
	}
	results, _ := s.door_.Judge(context.Background(), s.now, []Record{s.records[s.id].clone()}, e.Kind)
	return results[0]
}

// event reads "delivered 0", "delivered 2 part 1/2", "refused 1 no such user",
// "claim 0 stale", "postponed 0 429 in 3s", "sent 0 asked".
func (s *story) event(t *testing.T, fields []string) (Event, string) {
	t.Helper()
	e := Event{}
	for k, name := range eventNames {
		if name == fields[0] {
			e.Kind = EventKind(k)
		}
	}
	if e.Kind.String() != fields[0] {
		t.Fatalf("unknown event %q", fields[0])
	}
	said := fields[:1]
	rest := fields[1:]
	if len(rest) > 0 {
		if leg, err := strconv.Atoi(rest[0]); err == nil {
			try := int(s.records[s.id].State.Try)
			e.Attempt, e.Mark = s.id.Attempt(leg, try), s.claim[leg]
			said, rest = fields[:2], rest[1:]
		}
	}
	for len(rest) > 0 {
		n := 1
		switch word := rest[0]; word {
		case "part":
			fmt.Sscanf(rest[1], "%d/%d", &e.Part, &e.Parts)
			n = 2
		case "stale":
			e.Mark++
		case "429":
			e.Throttled = true
		case "everywhere":
			e.Everywhere = true
		case "asked":
			e.Asked = true
		case "on":
			e.Channel = channel(t, rest[1])
			n = 2
		case "in":
			e.At = s.now.Add(duration(t, rest[1]))
			n = 2
		default:
			goto done
		}
		said, rest = fields[:len(said)+n], rest[n:]
	}
done:
	if e.Kind == OnUndelivered {
		e.End = Undelivered
	}
	return e, strings.Join(said, " ")
}

func (s *story) saw(r Result, after Record, saved bool) string {
	if r.Err != nil {
		return "! " + r.Err.Error()
	}
	if !saved {
		return "-"
	}
	parts := []string{fmt.Sprintf("%-15s", after.State)}
	switch p := s.places[s.id]; {
	case !moved(r.Before.State, r.After.State):
		parts = append(parts, "noted")
	case p.Kind == Line && p.At.IsZero():
		parts = append(parts, fmt.Sprintf("line %d", p.Leg))
	case p.Kind == Line:
		parts = append(parts, fmt.Sprintf("line %d in %s", p.Leg, campaign.FormatDuration(p.At.Sub(s.now))))
	case p.Kind == Clock:
		parts = append(parts, "clock "+campaign.FormatDuration(p.In))
	}
	for _, j := range s.jobs {
		parts = append(parts, map[string]string{JobType: "enqueue", AskType: "ask"}[j.Type()]+fmt.Sprintf(" %d", j.Attempt.Leg()))
		if j.Last {
			parts = append(parts, "for the last time")
		}
	}
	if n := len(after.History); n > 0 && after.History[n-1].Reached != 0 {
		parts = append(parts, "reached "+after.History[n-1].Reached.String())
	}
	if s.nudges > 0 {
		parts = append(parts, "nudge")
	}
	return strings.Join(parts[:1], "") + " " + strings.Join(parts[1:], ", ")
}
