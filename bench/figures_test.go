package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// arrivals are requests at these milliseconds.
func arrivals(at ...int64) (j journal) {
	for _, ms := range at {
		j = append(j, request{at: 1000 * ms})
	}
	return j
}

func TestTheWorstWindow(t *testing.T) {
	for _, c := range []struct {
		at   journal
		most int
	}{
		{nil, 0},
		{arrivals(5), 1},
		{arrivals(0, 1000, 2000), 1}, // a window apart is not within one
		{arrivals(0, 999, 1998), 2},
		{arrivals(0, 500, 999, 1000, 1001), 4},
	} {
		if got := c.at.worst(time.Second); got != c.most {
			t.Errorf("of %v at most %d lie within a second, want %d", c.at, got, c.most)
		}
	}
}

func TestWindowsWithAStallAreNotJudged(t *testing.T) {
	log := arrivals(0, 600, 1100, 3000, 3001, 3002, 5000, 5900)
	if most, share := log.undisturbed(time.Second, nil); most != 3 || share != 1 {
		t.Errorf("without a stall at most %d in %.2f of the windows, want 3 in all", most, share)
	}
	// What should have come from 2500 on was logged at 3000.
	most, share := log.undisturbed(time.Second, stalls{{2_500_000, 3_000_000}})
	if most != 2 || share != 5.0/8 { // those that begin at 0, 600, 1100, 5000 and 5900
		t.Errorf("with a stall at most %d in %.2f of the windows, want 2 in 5/8", most, share)
	}
}

func TestEvennessSeesAnEmptySecond(t *testing.T) {
	log := arrivals(0, 100, 200, 2000, 2100, 3000)
	if used, least := log.evenness(4, nil); used != 50 || least != 0 {
		t.Errorf("six requests in 3 s under 4/s: %.0f %% used, %.0f at least in a second; want 50 and 0", used, least)
	}
	if _, least := log.evenness(4, stalls{{1_400_000, 1_500_000}}); least != 2 {
		t.Errorf("without the second in which the machine stood still %.0f at least; want 2", least)
	}
}

func TestAJournalTravels(t *testing.T) {
	id := campaign.IDKey{}.Message("bench", "+393471234567", "").Attempt(1, 0)
	sent := journal{{at: 2, attempt: id}, {at: 1}}
	var wire bytes.Buffer
	if err := sent.write(&wire); err != nil {
		t.Fatal(err)
	}
	got, err := readJournal(&wire)
	if err != nil || !slices.Equal(got, journal{{at: 1}, {at: 2, attempt: id}}) {
		t.Errorf("read %v (%v), want what was written, by time", got, err)
	}
	if on := got.leg(1); len(on) != 1 || on[0].attempt != id {
		t.Errorf("on the second leg are %v, want one", on)
	}
}

func TestACounterSeesAWordInTwoPieces(t *testing.T) {
	c := &counter{word: []byte("pace:log")}
	var left []byte
	for _, piece := range []string{"pace:log pace", ":", "log", "xpace:lo", "pace:log", "g"} {
		left = c.count(left, []byte(piece))
	}
	if n := c.n.Load(); n != 3 {
		t.Errorf("counted %d, want 3", n)
	}
}

func TestLatenessNeedsEverybodyOnce(t *testing.T) {
	one, two := campaign.IDKey{}.Message("bench", "1", ""), campaign.IDKey{}.Message("bench", "2", "")
	at := func(us int64, m campaign.MessageID) request { return request{us, m.Attempt(0, 0)} }
	due := journal{at(10, one), at(20, two)}
	took, err := between(due, journal{at(15, one), at(120, two)})
	if err != nil || !slices.Equal(took, []time.Duration{5 * time.Microsecond, 100 * time.Microsecond}) {
		t.Errorf("took %v (%v), want 5 and 100 µs", took, err)
	}
	for what, requests := range map[string]journal{
		"one is lost": {at(15, one)}, "one comes twice": {at(15, one), at(16, one), at(17, two)},
	} {
		if _, err := between(due, requests); err == nil {
			t.Errorf("%s, and nothing is said", what)
		}
	}
}

func TestAGoalIsNeverHidden(t *testing.T) {
	tb := table{rows: []row{{"a", []figures{{"rate": 1}, {"rate": 3}}}}, columns: []column{{"rate", "rate", 0}}}
	tb.goal(tb.figure("a", "rate") >= 2, "at least 2: %.0f", tb.figure("a", "rate"))
	tb.goal(tb.most("a", "rate") < 3, "never 3: %.0f", tb.most("a", "rate"))
	for _, want := range []string{"- **met**: at least 2: 2\n", "- **not met**: never 3: 3\n"} {
		if text := tb.String(); !strings.Contains(text, want) {
			t.Errorf("the table lacks %q:\n%s", want, text)
		}
	}
}

func TestTheDrawingIsWhole(t *testing.T) {
	text := drawing{title: "a run", panels: []panel{
		{unit: "messages / s", curves: []named{{"requests", line{{0, 0}, {1, 25_000}, {224, 4500}}}}},
		{unit: "lag, ms", curves: []named{{"median", nil}, {"worst", line{{3, 0.5}}}}},
	}}.String()
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("the picture is no XML: %v", err)
		}
	}
	for _, want := range []string{">a run<", ">messages / s<", ">requests<", ">lag, ms<", ">25 k<", ">200<", ">seconds since"} {
		if !strings.Contains(text, want) {
			t.Errorf("the picture lacks %s", want)
		}
	}
	if strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
		t.Error("the picture has a point that is no number")
	}
}
