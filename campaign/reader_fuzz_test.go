package campaign

import (
	"bytes"
	"errors"
	"io"
	"os"
	"regexp"
	"testing"
	"unicode/utf8"
)

var e164 = regexp.MustCompile(`^\+[1-9][0-9]{7,14}$`)

// FuzzReader holds that no file makes the Reader panic, that what it accepts is whole,
// and that every row of the file ends in exactly one class.
func FuzzReader(f *testing.F) {
	for _, name := range []string{"primavera-excel.csv", "gestionale-windows1252.txt", "orders-many-countries.csv"} {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data[:2000])
	}
	f.Add([]byte("nome;destination\n\"Mario \"\"Lillo\"\"\";+393401234567\n;;\n\"a\nb\";3401234567\n"))
	f.Add([]byte("nome,destination\r\"Bar\" x,3401234567\r,,\r"))
	f.Add([]byte("\xff\xfen\x00o\x00m\x00e\x00,\x00d\x00e\x00s\x00t\x00i\x00n\x00a\x00t\x00i\x00o\x00n\x00\n\x00"))
	c := parse(f, "campaign: x\nrecipients: {region: IT}\nroute: [{channel: whatsapp, account: a, template: {id: 1}}, {channel: sms, account: a, text: 'Ciao {nome}'}]")
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := NewReader(bytes.NewReader(data), c, ReaderOptions{Now: told})
		if err != nil {
			return
		}
		judged, last := 0, 0
		for {
			recipient, reject, err := r.Next()
			if err != nil {
				checkRows(t, data, r, judged, err)
				return
			}
			judged++
			line := int(recipient.Row.Line)
			if reject != nil {
				line = reject.Line
			} else {
				checkRecipient(t, data, recipient)
			}
			if line <= last {
				t.Fatalf("%q: line %d after line %d", data, line, last)
			}
			last = line
		}
	})
}

func checkRecipient(t *testing.T, data []byte, r Recipient) {
	if !e164.MatchString(r.To.E164()) || r.Variables["nome"] == "" {
		t.Fatalf("%q: accepted %s with %q", data, r.To.E164(), r.Variables)
	}
	for name, value := range r.Variables {
		if !utf8.ValidString(value) {
			t.Fatalf("%q: %s is %q, which is no text", data, name, value)
		}
	}
}

// checkRows counts the rows again without judging them.
func checkRows(t *testing.T, data []byte, r *Reader, judged int, end error) {
	text, head, err := newLines(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	again := rows{lines: text, comma: sniffDelimiter(head, text.end)}
	lines := bytes.Count(bytes.TrimSuffix(head, []byte{text.end}), []byte{text.end})
	total := -1 // the header
	for err == nil {
		if _, err = again.next(); err == nil {
			total++
		}
	}
	if total != judged+r.Blank() || errors.Is(end, io.EOF) != errors.Is(err, io.EOF) {
		t.Fatalf("%q has %d rows and ends with %v, but %d were judged, %d blank, and the end was %v", data, total, err, judged, r.Blank(), end)
	}
	quoteless := !bytes.ContainsRune(data, '"') && !bytes.ContainsRune(data, 0)
	if quoteless && len(data) < sampleSize && lines != judged+r.Blank() {
		t.Fatalf("%q has %d lines below the header, but %d were judged and %d are blank", data, lines, judged, r.Blank())
	}
}
