package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/provider/simulator"
)

const shortWaits = `campaign: %s
route:
  - {channel: whatsapp, account: qlara, wait: 2s, template: {id: 42, placeholders: [%s]}}
  - {channel: rcs, account: qlara, wait: 1s, template: {id: 10, placeholders: []}}
  - {channel: sms, account: qlara, wait: 1s, text: "Ciao {%s}"}
recipients:
  region: IT
  columns: {destination: %s, scheduledDate: %s}
`

// TestRealFiles runs campaigns over files as companies really export them. Every row
// is accepted, rejected with its reason, or blank; and the same file again is nothing new.
func TestRealFiles(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		file, name, to, due   string
		rows, accepted, blank int
		rejected              map[string]int
	}{
		{"primavera-excel.csv", "nome", "cellulare", "data invio", 5000, 4779, 16, map[string]int{
			"invalid_number": 46, "landline": 26, "past_date": 23, "ragged_row": 7, "duplicate": 103}},
		{"gestionale-windows1252.txt", "nome", "telefono", "", 800, 800, 0, nil},
		{"orders-many-countries.csv", "name", "destination", "", 600, 600, 0, nil},
	} {
		t.Run(x.file, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, simulator.Scenario{})
			text := fmt.Sprintf(shortWaits, "files", x.name, x.name, x.to, x.due)
			if x.due == "" {
				text = strings.Replace(text, ", scheduledDate: ", "", 1)
			}
			file, recipients := r.file("campaign.yaml", text), r.copy(x.file)
			code := 0
			if len(x.rejected) > 0 {
				code = 3
			}
			sum := r.run(file, recipients, code)
			reasons := r.rejects(recipients)
			rejected := 0
			for reason, n := range reasons {
				rejected += n
				if n != x.rejected[reason] {
					t.Errorf("%d rows rejected for %s, want %d", n, reason, x.rejected[reason])
				}
			}
			if sum.Accepted != x.accepted || sum.Accepted+rejected+x.blank != x.rows || sum.Rejected != rejected {
				t.Errorf("accepted %d + rejected %d (summary: %d) + blank %d, want %d rows with %d accepted; reasons %v",
					sum.Accepted, rejected, sum.Rejected, x.blank, x.rows, x.accepted, reasons)
			}
			before := r.simulator.Stats().Requests
			again := r.run(file, recipients, code)
			if again.Accepted != sum.Accepted || again.Rejected != sum.Rejected || r.simulator.Stats().Requests != before {
				t.Errorf("the same file again: accepted %d, rejected %d, %d requests; want %d, %d and none",
					again.Accepted, again.Rejected, r.simulator.Stats().Requests-before, sum.Accepted, sum.Rejected)
			}
		})
	}
}

// rejects counts the rows of the rejects file by their reason.
func (r *rig) rejects(recipients string) map[string]int {
	r.t.Helper()
	name := recipients[:strings.LastIndexByte(recipients, '.')] + "-rejects.csv"
	f, err := os.Open(name)
	if os.IsNotExist(err) {
		return nil
	} else if err != nil {
		r.t.Fatal(err)
	}
	defer f.Close()
	in := csv.NewReader(f)
	in.Comma, in.FieldsPerRecord = ';', -1
	rows, err := in.ReadAll()
	if err != nil {
		r.t.Fatal(err)
	}
	at := slices.Index(rows[0], "reason")
	reasons := map[string]int{}
	for _, row := range rows[1:] {
		reasons[row[at]]++
	}
	return reasons
}

// TestMagicNumbers sends to each magic number through real HTTP and a real Redis, and
// asserts what became of it from the simulator's log and the export.
func TestMagicNumbers(t *testing.T) {
	t.Parallel()
	r := newRig(t, simulator.Scenario{})
	numbers := "nome,telefono\n"
	number := func(tail string) string { return "+39340123" + tail }
	want := map[string]struct {
		phase, story string
		requests     string // what the simulator answered, by channel
		read         bool
		overlap      bool
	}{
		"0001": {phase: "failed", story: "whatsapp refused", requests: "whatsapp refused"},
		"0002": {phase: "delivered", story: "whatsapp undelivered, rcs delivered", requests: "whatsapp taken_as_new, rcs taken_as_new"},
		"0003": {phase: "delivered", story: "whatsapp undelivered, rcs undelivered, sms delivered", requests: "whatsapp taken_as_new, rcs taken_as_new, sms taken_as_new"},
		"0004": {phase: "unconfirmed", story: "whatsapp timed_out, rcs timed_out, sms timed_out", requests: "whatsapp taken_as_new, rcs taken_as_new, sms taken_as_new"},
		"0005": {phase: "delivered", story: "whatsapp delivered, rcs delivered", requests: "whatsapp taken_as_new, rcs taken_as_new", overlap: true},
		"0006": {phase: "delivered", story: "whatsapp delivered", requests: "whatsapp throttled, whatsapp taken_as_new"},
		"0007": {phase: "delivered", story: "whatsapp delivered", requests: "whatsapp unavailable, whatsapp unavailable, whatsapp taken_as_new"},
		"0008": {phase: "delivered", story: "whatsapp delivered", requests: "whatsapp no_answer"},
		"0009": {phase: "delivered", story: "whatsapp read", requests: "whatsapp taken_as_new", read: true},
		"0010": {phase: "delivered", story: "whatsapp read", requests: "whatsapp taken_as_new", read: true},
		"0011": {phase: "delivered", story: "whatsapp delivered", requests: "whatsapp taken_as_new"},
		"0012": {phase: "delivered", story: "whatsapp delivered", requests: "whatsapp taken_as_new"},
		"0013": {phase: "failed", story: "whatsapp undelivered, rcs undelivered, sms undelivered", requests: "whatsapp taken_as_new, rcs taken_as_new, sms taken_as_new"},
		"0014": {phase: "delivered", story: "whatsapp read", requests: "whatsapp taken_as_new", read: true},
		"0015": {phase: "delivered", story: "whatsapp delivered", requests: "whatsapp no_answer"}, // it was asked
		"0016": {phase: "unconfirmed", story: "whatsapp timed_out, rcs timed_out, sms timed_out", requests: "whatsapp unavailable, rcs unavailable, sms unavailable"},
		"0017": {phase: "delivered", story: "whatsapp delivered", requests: "whatsapp no_answer"},
		"0018": {phase: "unconfirmed", story: "whatsapp timed_out, rcs timed_out, sms timed_out", requests: "whatsapp unavailable, rcs unavailable, sms unavailable"},
		"0019": {phase: "unconfirmed", story: "whatsapp timed_out, rcs timed_out, sms timed_out", requests: "whatsapp no_answer, rcs no_answer, sms no_answer"},
	}
	for tail := range want {
		numbers += "Ada," + number(tail) + "\n"
	}
	file := r.file("campaign.yaml", fmt.Sprintf(strings.Replace(shortWaits, ", scheduledDate: %s", "", 1), "magic", "nome", "nome", "telefono"))
	sum := r.run(file, r.file("numbers.csv", numbers), 0)
	if sum.Accepted != len(want) || sum.Overlaps != 1 || sum.Legs[0].Throttled != 1 {
		t.Errorf("accepted %d, overlaps %d, throttled %d; want %d, 1, 1", sum.Accepted, sum.Overlaps, sum.Legs[0].Throttled, len(want))
	}
	seen := r.requests()
	r.serving(func(base string) {
		lines := r.export(base, "magic")
		for tail, w := range want {
			line := lines[number(tail)]
			if line.Phase != w.phase || line.story() != w.story || line.Read != w.read || line.Overlap != w.overlap {
				t.Errorf("%s: %s (%s), read %t, overlap %t; want %+v", tail, line.Phase, line.story(), line.Read, line.Overlap, w)
			}
			if got := told(seen[number(tail)]); got != w.requests {
				t.Errorf("%s: the simulator saw %q, want %q", tail, got, w.requests)
			}
		}
	})
	// Who sent STOP is suppressed: another campaign rejects the row.
	other := r.file("other.yaml", fmt.Sprintf(strings.Replace(shortWaits, ", scheduledDate: %s", "", 1), "other", "nome", "nome", "telefono"))
	sum = r.run(other, r.file("stopped.csv", "nome;telefono\nAda;"+number("0012")+"\nEve;"+number("5555")+"\n"), 3)
	if reasons := r.rejects(r.folder + "/stopped.csv"); sum.Accepted != 1 || reasons["suppressed"] != 1 {
		t.Errorf("after STOP: accepted %d, rejects %v", sum.Accepted, reasons)
	}
}

func told(records []simulator.Record) string {
	var parts []string
	for _, r := range records {
		parts = append(parts, fmt.Sprintf("%s %s", r.Channel, r.Answer))
	}
	return strings.Join(parts, ", ")
}
