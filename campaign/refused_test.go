package campaign

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

func TestRefusedFiles(t *testing.T) {
	t.Parallel()
	const needsTwo = "campaign: x\nrecipients: {region: IT, columns: {destination: cell, data: Scade}}\nroute: [{channel: sms, account: a, text: 'Ciao {nome} {codice}'}]"
	mostlyBad := "nome;destination\n" + strings.Repeat("Mario;3401234567\n", 4) + strings.Repeat("Mario;12345\n", 5) + "Mario;\n"
	for _, x := range []struct{ what, campaign, file, want string }{
		{"nothing", simpleCampaign, "", "list.csv: the file is empty: want a header and rows"},
		{"blanks", simpleCampaign, "\n \r\n", "list.csv: the file is empty: want a header and rows"},
		{"only delimiters", simpleCampaign, ";;;\n;;;\n", "list.csv: only blank rows: want a header and rows"},
		{"a workbook", simpleCampaign, "PK\x03\x04\x14\x00", "list.csv: this is no CSV but an Excel workbook or another ZIP archive: save the sheet as CSV"},
		{"a page", simpleCampaign, "\r\n<!DOCTYPE html>", "list.csv: this is no CSV but a web page or XML: export the data as CSV"},
		{"JSON", simpleCampaign, `{"destination": 1}`, "list.csv: this is no CSV but JSON: send it as NDJSON, or export the data as CSV"},
		{"a program", simpleCampaign, "\x7fELF\x02\x01\x01\x00\x00", "list.csv: this is no CSV: it has bytes of zero, as programs and pictures do"},
		{"a gzip", simpleCampaign, "\x1f\x8b\x08", "list.csv: this is no CSV but compressed with gzip: unpack it"},
		{
			"lacks columns", needsTwo, "Nome;Telefono;Codice Sconto\nMario;340;X\n",
			`list.csv:1: no column for destination (column "cell"), {codice}, data (column "Scade"): the file has "Nome", "Telefono", "Codice Sconto"`,
		},
		{
			"lacks a header", simpleCampaign, "Mario;340 1234567;Roma\nLuca;340 1234568;Roma\n",
			"list.csv:1: no column for destination, {nome}: the first row has 3 fields and looks like a person's: want a header above it",
		},
		{
			"twins", simpleCampaign, "Nome;destination;no_me;NOME\nMario;3401234567;;\n",
			"list.csv: 2 mistakes\n  list.csv:1: columns 1 and 3, \"Nome\" and \"no_me\", are the same name: rename one\n  list.csv:1: columns 1 and 4, \"Nome\" and \"NOME\", are the same name: rename one",
		},
		{
			"a key is needed", "campaign: x\nstanding: true\nroute: [{channel: whatsapp, account: a, text: hi}]", "destination\n+393401234567\n",
			`list.csv:1: no column for key: the file has "destination"`,
		},
		{
			"variables fall together", "campaign: x\nroute: [{channel: whatsapp, account: a, template: {id: 1}}]", "destination,Importo (€),Importo ($)\n+393401234567,1,2\n",
			`list.csv:1: columns 2 and 3, "Importo (€)" and "Importo ($)", make the same variable importo: rename one`,
		},
		{
			"mostly bad", simpleCampaign, mostlyBad,
			`list.csv:6: 6 of the first 10 rows are bad (invalid_number 5, no_number 1), this one for "destination": not a valid number in IT: want the right file, region and columns`,
		},
		{
			"a quote is never closed", simpleCampaign, "nome;destination\nMario;3401234567\n\"Luca;3401234568\nAnna;3401234569\n",
			"list.csv:3: a field opens with a quote that never closes: close it, or double the quotes inside it",
		},
		{
			"a quote is closed by another field's", simpleCampaign, "nome;destination\n\"Luca;3401234568\nAnna;3401234569\n\"Ugo\";3401234570\n",
			"list.csv:2: a field opens with a quote that never closes: close it, or double the quotes inside it",
		},
		{
			"a quote over too many lines", simpleCampaign, "nome;destination\n\"Luca;3401234568\n" + strings.Repeat("Anna;3401234569\n", 2000) + "\"\n",
			"list.csv:2: a field opens with a quote that never closes: close it, or double the quotes inside it",
		},
		{
			"a line without end", simpleCampaign, "nome;destination\nMario;3401234567\n" + strings.Repeat("x", 2<<20),
			"list.csv:3: the line is longer than 1 MiB",
		},
	} {
		r, err := NewReader(strings.NewReader(x.file), parse(t, x.campaign), ReaderOptions{Name: "list.csv", Now: told})
		var refused *FileError
		if !errors.As(err, &refused) || err.Error() != x.want || r != nil {
			t.Errorf("%s:\n got %v\nwant %s", x.what, err, x.want)
		}
	}
}

func TestWhatIsNotMostlyBad(t *testing.T) {
	t.Parallel()
	for what, x := range map[string]struct {
		file string
		want outcome
	}{
		"few rows":             {strings.Repeat("Mario;1;\n", 9), outcome{rejected: map[Reason]int{InvalidNumber: 9}}},
		"half":                 {strings.Repeat("Mario;1;\nMario;3401234567;\n", 10), outcome{accepted: 10, rejected: map[Reason]int{InvalidNumber: 10}}},
		"blank rows":           {strings.Repeat(";;\n\n", 50) + strings.Repeat("Mario;3401234567;\n", 10), outcome{accepted: 10, rejected: map[Reason]int{}, blank: 100}},
		"times that passed":    {strings.Repeat("Mario;3401234567;2020-01-01T00:00:00Z\n", 20), outcome{late: 20, rejected: map[Reason]int{}}},
		"bad after a thousand": {strings.Repeat("Mario;3401234567;\n", 1000) + strings.Repeat("Mario;1;\n", 3000), outcome{accepted: 1000, rejected: map[Reason]int{InvalidNumber: 3000}}},
	} {
		_, _, got := readText(t, simpleCampaign, "nome;destination;scheduledDate\n"+x.file)
		if diff := cmp.Diff(x.want, got, cmp.AllowUnexported(outcome{})); diff != "" {
			t.Errorf("%s, -want +got:\n%s", what, diff)
		}
	}
}

func TestErrorsInTheMiddle(t *testing.T) {
	t.Parallel()
	broken := errors.New("the line went dead")
	for what, x := range map[string]struct {
		rows int
		then io.Reader
		want string
	}{
		"an open quote": {lookAhead + 5, strings.NewReader("\"Luca;1\nx\n"), "list.csv:1007: a field opens with a quote that never closes: close it, or double the quotes inside it"},
		"the source":    {10_000, iotest.ErrReader(broken), "read list.csv: the line went dead"},
	} {
		good := strings.NewReader("nome;destination\n" + strings.Repeat("Mario;3401234567\n", x.rows))
		r, err := NewReader(io.MultiReader(good, x.then), parse(t, simpleCampaign), ReaderOptions{Name: "list.csv"})
		if err != nil {
			t.Fatal(err)
		}
		for range x.rows {
			if _, reject, err := r.Next(); reject != nil || err != nil {
				t.Fatalf("%s: %v, %v", what, reject, err)
			}
		}
		for range 2 { // and it stays so
			if _, _, err := r.Next(); err == nil || err.Error() != x.want {
				t.Errorf("%s: %v, want %s", what, err, x.want)
			}
		}
	}
	if _, err := NewReader(iotest.ErrReader(broken), parse(t, simpleCampaign), ReaderOptions{}); !errors.Is(err, broken) {
		t.Errorf("a source that fails at once: %v, want %v", err, broken)
	}
}

func TestZeroByteBelowTheSample(t *testing.T) {
	t.Parallel()
	_, rejects, o := readText(t, simpleCampaign, "nome;destination\n"+strings.Repeat("Mario;3401234567\n", 10_000)+"Lu\x00ca;3401234567\n")
	if o.accepted != 10_000 || len(rejects) != 1 || rejects[0].Reason != UnreadableRow || rejects[0].Line != 10_002 {
		t.Errorf("%+v, %+v", o, rejects)
	}
}
