package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"unique"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-438792ba/cascade/campaign"
)

// lines is a file that several may write to.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) records(t *testing.T) []Record {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	return decodeLines(t, l.text.String())
}

func decodeLines(t *testing.T, text string) []Record {
	t.Helper()
	var out []Record
	for line := range strings.Lines(text) {
		var r Record
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatalf("line %q: %v", line, err)
		}
		out = append(out, r)
	}
	return out
}

func (w *world) logOverHTTP(query string) string {
	w.t.Helper()
	resp, err := w.client.Get(w.url + "/sim/log" + query)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(resp.Body); err != nil {
		w.t.Fatal(err)
	}
	return b.String()
}

func TestLogHasOneRecordForEachRequest(t *testing.T) {
	t.Parallel()
	clock, file := newClock(), &lines{}
	w := start(t, Options{Now: clock.Now, Log: file, Accounts: map[string]Account{"key": {Name: "main"}}})
	w.send(wa, number("0014"), "m-1")
	w.send(sms, number("0001"), "m-2", "body", "Ciao Mario")
	w.must("POST", path(sms), []byte(`{"destination":"`+number("7777")+`"}`))
	w.drain()
	at := clock.Now().UnixMicro()
	want := []Record{
		{
			Seq: 1, At: at, Provider: "qlara", Account: "main", Channel: wa, MessageID: "m-1", CampaignID: "spring",
			Destination: "+39********14", Magic: "0014", Answer: TakenAsNew, Taken: true, Status: 200,
			Callbacks: []Callback{{At: at, Kind: "delivered", Status: 200}, {At: at, Kind: "read", Status: 200}},
		},
		{
			Seq: 2, At: at, Provider: "qlara", Account: "main", Channel: sms, MessageID: "m-2", CampaignID: "spring",
			Destination: "+39********01", Magic: "0001", Answer: Refused, Status: 200, Callbacks: []Callback{},
		},
		{
			Seq: 3, At: at, Provider: "qlara", Account: "main", Channel: sms,
			Destination: "+39********77", Answer: Malformed, Status: 400, Callbacks: []Callback{},
		},
	}
	hashes := cmp.FilterPath(func(p cmp.Path) bool { return strings.HasSuffix(p.String(), "Hash") }, cmp.Ignore())
	got := decodeLines(t, w.logOverHTTP(""))
	if diff := cmp.Diff(want, got, hashes); diff != "" {
		t.Errorf("GET /sim/log (-want +got):\n%s", diff)
	}
	written := file.records(t)
	slices.SortFunc(written, func(a, b Record) int { return int(a.Seq) - int(b.Seq) })
	if diff := cmp.Diff(got, written); diff != "" {
		t.Errorf("the file (-log +file):\n%s", diff)
	}
	if got := decodeLines(t, w.logOverHTTP("?since=2")); len(got) != 1 || got[0].Seq != 3 {
		t.Errorf("since=2: %+v, want the third only", got)
	}
	if got := w.logOverHTTP("?since=9"); got != "" {
		t.Errorf("since=9: %q, want nothing", got)
	}
	if got := w.logOverHTTP("?since=x"); !strings.HasPrefix(got, "since: ") {
		t.Errorf("since=x: %q, want a complaint", got)
	}
}

func TestLogTellsNobodysNumberTextOrKey(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	secret := func(r *http.Request) { r.Header.Set("X-Api-Key", "secret-key") }
	w.must("POST", path(sms), order(sms, number("7777"), "m-1", "body", "Ciao Mario"), secret)
	w.drain()
	for _, word := range []string{number("7777"), strings.TrimPrefix(number("7777"), "+39"), "Mario", "secret-key"} {
		if text := w.logOverHTTP(""); strings.Contains(text, word) {
			t.Errorf("the log says %q: %s", word, text)
		}
	}
}

func TestMixUpsShowInTheHashes(t *testing.T) {
	t.Parallel()
	w, again := start(t, Options{Seed: 3}), start(t, Options{Seed: 3})
	w.send(sms, number("7777"), "a", "body", "Ciao Mario")
	w.send(sms, number("7778"), "b", "body", "Ciao Mario")
	w.send(sms, number("7777"), "c", "body", "Ciao Anna")
	again.send(sms, number("7777"), "d", "body", "Ciao Mario")
	l := append(w.log(), again.log()...)
	if l[0].ContentHash != l[1].ContentHash || l[0].ContentHash == l[2].ContentHash || l[0].ContentHash != l[3].ContentHash {
		t.Errorf("content hashes %s %s %s %s, want only the third to differ", l[0].ContentHash, l[1].ContentHash, l[2].ContentHash, l[3].ContentHash)
	}
	if l[0].DestinationHash == l[1].DestinationHash || l[0].DestinationHash != l[2].DestinationHash || l[0].DestinationHash != l[3].DestinationHash {
		t.Errorf("destination hashes %s %s %s %s, want only the second to differ", l[0].DestinationHash, l[1].DestinationHash, l[2].DestinationHash, l[3].DestinationHash)
	}
}

func TestContentIsKeptIfWanted(t *testing.T) {
	t.Parallel()
	w := start(t, Options{KeepContent: true})
	w.send(sms, number("7777"), "m-1", "body", "Ciao Mario")
	r := decodeLines(t, w.logOverHTTP(""))[0]
	if r.FullDestination != number("7777") || string(r.Content) != `{"body":"Ciao Mario"}` {
		t.Errorf("kept %q %s", r.FullDestination, r.Content)
	}
}

func TestLogIsBoundedAndSaysSo(t *testing.T) {
	t.Parallel()
	file := &lines{}
	w := start(t, Options{MaxRecords: 3, Log: file})
	for i := range 5 {
		w.send(sms, number("7777"), fmt.Sprint("m-", i))
	}
	w.drain()
	st := w.sim.Stats()
	if len(w.log()) != 3 || st.Requests != 5 || st.Unlogged != 2 || st.Forgotten == 0 {
		t.Errorf("%d records, %+v; want 3 of 5, 2 unlogged, some forgotten", len(w.log()), st)
	}
	if got := len(file.records(t)); got != 5 {
		t.Errorf("the file has %d records, want all 5", got)
	}
}

func TestWhatIsNotSettledIsWrittenAtTheEnd(t *testing.T) {
	t.Parallel()
	file := &lines{}
	j := newJournal(10, file)
	r := j.open(record{lane: unique.Make(lane{channel: wa}), campaignID: unique.Make(""), masked: unique.Make("")})
	j.expect(r, 1)
	j.answered(r, 200, 0)
	if got := len(file.records(t)); got != 0 {
		t.Fatalf("%d records before the receipt, want none", got)
	}
	if err := j.close(); err != nil {
		t.Fatal(err)
	}
	j.settle(r)
	if got := file.records(t); len(got) != 1 || got[0].Status != 200 {
		t.Errorf("after the end: %+v, want the record once", got)
	}
}

func TestStatsOverHTTP(t *testing.T) {
	t.Parallel()
	w := start(t, Options{Scenario: Scenario{Limits: Limits{Account: []campaign.Limit{{N: 2, Window: 3600e9}}}}})
	w.send(wa, number("7777"), "a")
	w.send(wa, number("0001"), "b")
	w.send(wa, number("7777"), "c")
	w.must("GET", "/nowhere", nil)
	w.drain()
	a := w.must("GET", "/sim/stats", nil)
	want := map[string]any{"taken_as_new": 1.0, "refused": 1.0, "throttled": 1.0}
	if diff := cmp.Diff(map[string]any{"qlara.whatsapp": want}, a.JSON["answers"]); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	if a.JSON["requests"] != 3.0 || a.JSON["overshoot"] != 1.0 || a.JSON["strayed"] != 1.0 {
		t.Errorf("stats %v, want 3 requests, 1 overshoot, 1 strayed", a.JSON)
	}
}
