package campaign

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRejects(t *testing.T) {
	t.Parallel()
	const campaign = `
campaign: x
recipients: {region: IT, columns: {key: ordine}}
route: [{channel: sms, account: a, max_parts: 1, text: "Ciao {nome}"}]`
	long := strings.Repeat("a", 160)
	for row, want := range map[string]Reject{
		"Mario,,1,":                              {Column: "Destination", Reason: NoNumber, Text: "no number: want a phone number, as +393401234567"},
		"Mario,12345,1,":                         {Column: "Destination", Reason: InvalidNumber, Text: "not a valid number in IT"},
		"Mario,06 69812345,1,":                   {Column: "Destination", Reason: Landline, Text: "+39********45 is a landline or a service number: the route's SMS would not arrive"},
		" ,3401234567,1,":                        {Column: "Nome", Reason: MissingPlaceholder, Text: "empty: the route needs it for {nome}"},
		"Mario,3401234567,,":                     {Column: "Ordine", Reason: MissingKey, Text: "no key: want what tells this message from others to the same person"},
		"Mario,3401234567,1,ah":                  {Column: "scheduledDate", Reason: InvalidDate, Text: "want a time as 2026-12-01 09:00 Europe/Rome or 2026-12-01T09:00:00+01:00"},
		"Mario,3401234567,1":                     {Reason: RaggedRow, Text: "3 fields: the header has 4"},
		"Mario,3401234567,1,,":                   {Reason: RaggedRow, Text: "5 fields: the header has 4"},
		"\"a\nb\",3401234567":                    {Reason: RaggedRow, Text: "2 fields: the header has 4; a quoted field takes the row to line 4"},
		"Ma\xffrio,3401234567,1,":                {Reason: UnreadableRow, Text: "bytes that are no text in utf-8, as the file has been so far"},
		`"Bar" Mario,3401234567,1,`:              {Reason: UnreadableRow, Text: "a quote amid a quoted field: double it"},
		long + ",3401234567,1,":                  {Reason: TextTooLong, Text: "the SMS of leg 1 takes 2 parts (165 units of GSM-7): max_parts is 1"},
		"Željko " + long[:60] + ",3401234567,1,": {Reason: TextTooLong, Text: "the SMS of leg 1 takes 2 parts (72 units of UCS-2, which 'Ž' forces): max_parts is 1"},
	} {
		_, rejects, o := readText(t, campaign, "Nome,Destination,Ordine,scheduledDate\nZoë,3401234560,0,\n"+row+"\nLuca,3401234568,2,\n")
		if o.accepted != 2 || len(rejects) != 1 {
			t.Errorf("%q: %+v, %+v", row, o, rejects)
			continue
		}
		got := rejects[0]
		want.Line, want.Fields = 3, got.Fields
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q, -want +got:\n%s", row, diff)
		}
		if len(got.Fields) == 0 {
			t.Errorf("%q: the reject lacks the row", row)
		}
	}
}

func TestLandlineIsFineWithoutSMS(t *testing.T) {
	t.Parallel()
	_, rejects, o := readText(t, "campaign: x\nroute: [{channel: whatsapp, account: a, text: hi}]", "destination\n+390669812345\n")
	if o.accepted != 1 {
		t.Errorf("%+v, %+v", o, rejects)
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		due  string
		late bool
	}{
		"":                              {"0001-01-01T00:00:00Z", false},
		"2026-11-20T10:00:00Z":          {"2026-11-20T10:00:00Z", false},
		"2026-11-20T09:55:00Z":          {"2026-11-20T09:55:00Z", false},
		"2026-11-20T09:54:59Z":          {"2026-11-20T09:54:59Z", true},
		"2026-11-20 10:54:00.000+0100":  {"2026-11-20T09:54:00Z", true},
		" 2027-01-01 00:00:00.000+0000": {"2027-01-01T00:00:00Z", false},
	} {
		all, rejects, _ := readText(t, simpleCampaign, "nome,destination,scheduledDate\nMario,3401234567,"+text+"\n")
		if len(all) != 1 {
			t.Errorf("%q: %+v", text, rejects)
			continue
		}
		if got := all[0]; got.Due.Format(time.RFC3339) != want.due || (got.IfNew != nil) != want.late {
			t.Errorf("%q: due %s, late %+v; want %s, %t", text, got.Due, got.IfNew, want.due, want.late)
		}
		if late := all[0].IfNew; late != nil {
			wanted := Reject{Line: 2, Column: "scheduledDate", Reason: PastDate, Fields: []string{"Mario", "3401234567", text},
				Text: want.due + " has passed: want a time to come, or none for the campaign's start"}
			if diff := cmp.Diff(wanted, *late); diff != "" {
				t.Errorf("%q, -want +got:\n%s", text, diff)
			}
		}
	}
}

func TestDigestIsOfTheRow(t *testing.T) {
	t.Parallel()
	all, _, _ := readText(t, simpleCampaign, "nome;destination\nMario;3401234567\n\"Mario\";3401234567\nMari;o3401234567\nLuca;3401234567\nMario;3401234567\n")
	if len(all) != 4 {
		t.Fatalf("%d rows, want 4", len(all))
	}
	if all[0].Row.Digest != all[1].Row.Digest || all[0].Row.Digest != all[3].Row.Digest {
		t.Errorf("rows that say the same differ: %+v", all)
	}
	if all[0].Row.Digest == all[2].Row.Digest {
		t.Error("another name has the same digest")
	}
}
