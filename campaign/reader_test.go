package campaign

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// outcome is what became of a file's rows.
type outcome struct {
	accepted int
	late     int // accepted only if the message is there already
	rejected map[Reason]int
	blank    int
}

func (o outcome) rows() int {
	n := o.accepted + o.late + o.blank
	for _, count := range o.rejected {
		n += count
	}
	return n
}

// readFile reads a file to its end.
func readFile(t testing.TB, r *Reader, err error) (all []Recipient, rejects []Reject, o outcome) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	o.rejected = map[Reason]int{}
	for {
		recipient, reject, err := r.Next()
		if errors.Is(err, io.EOF) {
			o.blank = r.Blank()
			return all, rejects, o
		}
		switch {
		case err != nil:
			t.Fatal(err)
		case reject != nil:
			rejects = append(rejects, *reject)
			o.rejected[reject.Reason]++
			continue
		case recipient.IfNew != nil:
			o.late++
		default:
			o.accepted++
		}
		all = append(all, recipient)
	}
}

func TestRealExports(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		file, campaign string
		rows           int // below the header, by another program's count
		want           outcome
		facts          Facts
	}{
		{
			"primavera-excel.csv", "spring-sale.yaml", 5000,
			outcome{4834, 23, map[Reason]int{InvalidNumber: 46, Landline: 26, MissingPlaceholder: 48, RaggedRow: 7}, 16},
			Facts{
				Encoding: "utf-8", Delimiter: ';',
				Header: []string{"Nome", "Cognome", "Cellulare", "Codice Sconto", "Città", "Data invio"},
				Mapping: []Mapped{
					{"destination", "Cellulare"}, {"scheduledDate", "Data invio"},
					{"citta", "Città"}, {"nome", "Nome"}, {"codiceSconto", "Codice Sconto"}, {"cognome", "Cognome"},
				},
				Unused: []string{},
			},
		},
		{
			"gestionale-windows1252.txt", "gestionale.yaml", 800,
			outcome{800, 0, map[Reason]int{}, 0},
			Facts{
				Encoding: "windows-1252", Delimiter: '\t', Header: []string{"NOME", "TELEFONO", "IMPORTO"},
				Mapping: []Mapped{{"destination", "TELEFONO"}, {"nome", "NOME"}, {"importo", "IMPORTO"}}, Unused: []string{},
			},
		},
		{
			"orders-many-countries.csv", "orders.yaml", 600,
			outcome{600, 0, map[Reason]int{}, 0},
			Facts{
				Encoding: "utf-8", Delimiter: ',', Header: []string{"destination", "order", "name"},
				Mapping: []Mapped{{"destination", "destination"}, {"key", "order"}, {"name", "name"}, {"order", "order"}}, Unused: []string{},
			},
		},
	} {
		file, err := os.Open("testdata/" + x.file)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		r, err := NewReader(file, stored(t, x.campaign), ReaderOptions{Now: told})
		_, _, got := readFile(t, r, err)
		if diff := cmp.Diff(x.want, got, cmp.AllowUnexported(outcome{})); diff != "" {
			t.Errorf("%s, -want +got:\n%s", x.file, diff)
		}
		if got.rows() != x.rows {
			t.Errorf("%s: %d rows are accounted for, want %d", x.file, got.rows(), x.rows)
		}
		if diff := cmp.Diff(x.facts, r.Facts()); diff != "" {
			t.Errorf("%s: facts, -want +got:\n%s", x.file, diff)
		}
	}
}

const simpleCampaign = "campaign: x\nrecipients: {region: IT}\nroute: [{channel: sms, account: a, max_parts: 1, text: 'Ciao {nome}'}]"

func readText(t testing.TB, campaign, text string) ([]Recipient, []Reject, outcome) {
	t.Helper()
	r, err := NewReader(strings.NewReader(text), parse(t, campaign), ReaderOptions{Now: told})
	return readFile(t, r, err)
}

func TestForms(t *testing.T) {
	t.Parallel()
	utf16 := func(text string, swap, bom bool) string {
		var b strings.Builder
		if bom {
			text = "\uFEFF" + text
		}
		for _, r := range text {
			if swap {
				b.WriteString(string([]byte{byte(r), byte(r >> 8)}))
			} else {
				b.WriteString(string([]byte{byte(r >> 8), byte(r)}))
			}
		}
		return b.String()
	}
	const plain = "nome,destination\nNiccolò,3401234567\n"
	for what, file := range map[string]string{
		"commas":               plain,
		"semicolons":           "nome;destination\nNiccolò;3401234567\n",
		"tabs":                 "nome\tdestination\nNiccolò\t3401234567\n",
		"bars":                 "nome|destination\nNiccolò|3401234567\n",
		"a comma in a header":  "nome;destination;a, b, c\nNiccolò;3401234567;x\n",
		"BOM":                  "\uFEFF" + plain,
		"CRLF":                 "nome,destination\r\nNiccolò,3401234567\r\n",
		"CR":                   "nome,destination\rNiccolò,3401234567\r",
		"no end":               "nome,destination\nNiccolò,3401234567",
		"Windows-1252":         "nome,destination\nNiccol\xf2,3401234567\n",
		"UTF-16 LE":            utf16(plain, true, true),
		"UTF-16 BE":            utf16(plain, false, true),
		"UTF-16 LE, no BOM":    utf16(plain, true, false),
		"UTF-16 BE, no BOM":    utf16(plain, false, false),
		"quotes":               "\"nome\",\"destination\"\n\"Niccolò\",\"3401234567\"\n",
		"spaces around quotes": "nome, destination\n \"Niccolò\" , \"3401234567\" \n",
		"blank lines":          "\n\n nome , Destination \n\n  \nNiccolò,3401234567\n,\n",
		"another order":        "DESTINATION,Nome\n3401234567,Niccolò\n",
	} {
		all, rejects, o := readText(t, simpleCampaign, file)
		if o.accepted != 1 || len(rejects) != 0 || all[0].To != "+393401234567" || all[0].Variables["nome"] != "Niccolò" {
			t.Errorf("%s: %+v, %+v, %+v", what, o, all, rejects)
		}
	}
}

func TestQuotes(t *testing.T) {
	t.Parallel()
	for field, want := range map[string]string{
		`"Gallo, figli"`:          "Gallo, figli",
		`"Mario ""Lillo"""`:       `Mario "Lillo"`,
		"\"Bruno\n(ufficio)\"":    "Bruno\n(ufficio)",
		"\"Bruno\r\n\r\nB\"":      "Bruno\n\nB",
		`Mario "Lillo" Rossi`:     `Mario "Lillo" Rossi`,
		`5" pizza`:                `5" pizza`,
		`"il "migliore" bar"`:     `il "migliore" bar`,
		`"" `:                     "",
		`"a;b|c"`:                 "a;b|c",
		"\"\"\"\"":                `"`,
		"D'Angelo":                "D'Angelo",
		"\" con spazi \"":         "con spazi",
		"\"riga\n;;;\n\nultima\"": "riga\n;;;\n\nultima",
	} {
		all, rejects, o := readText(t, "campaign: x\nrecipients: {region: IT}\nroute: [{channel: whatsapp, account: a, template: {id: 1}}]",
			"nome,destination\n"+field+",3401234567\nLuca,3401234568\n")
		if o.accepted != 2 || len(rejects) != 0 || all[0].Variables["nome"] != want || all[1].Variables["nome"] != "Luca" {
			t.Errorf("%q: %+v, %+v, %+v", field, o, all, rejects)
			continue
		}
		if line := 3 + strings.Count(field, "\n"); int(all[1].Row.Line) != line || all[0].Row.Line != 2 {
			t.Errorf("%q: rows on lines %d and %d, want 2 and %d", field, all[0].Row.Line, all[1].Row.Line, line)
		}
	}
}

func TestEncodingIsDecidedLate(t *testing.T) {
	t.Parallel()
	ascii := strings.Repeat("Mario;3401234567\n", 10_000)
	for encoding, name := range map[string]string{"utf-8": "Niccolò", "windows-1252": "Niccol\xf2"} {
		r, err := NewReader(strings.NewReader("nome;destination\n"+ascii+name+";3401234567\n"), parse(t, simpleCampaign), ReaderOptions{})
		all, rejects, _ := readFile(t, r, err)
		if got := all[len(all)-1].Variables["nome"]; got != "Niccolò" || len(rejects) != 0 || r.Facts().Encoding != encoding {
			t.Errorf("%s: the last is %q in %s, rejects %+v", encoding, got, r.Facts().Encoding, rejects)
		}
	}
}

func TestFactsPrint(t *testing.T) {
	t.Parallel()
	for d, want := range map[Delimiter]string{';': ";", ',': ",", '\t': "tab", '|': "|"} {
		if got := fmt.Sprint(d); got != want {
			t.Errorf("delimiter %q is shown as %q, want %q", byte(d), got, want)
		}
	}
}
