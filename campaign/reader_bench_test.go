package campaign

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// Each benchmark reads 100,000 rows an operation.
const benchRows = 100_000

func BenchmarkReader(b *testing.B) {
	for _, x := range []struct{ name, row string }{
		{"canonical", "+39340%07d;Mario;PRIMAVERA%02d\n"},
		{"national", "340 %07d;Mario;PRIMAVERA%02d\n"},
		{"quoted", "+39340%07d;\"Mario \"\"Lillo\"\"\";PRIMAVERA%02d\n"},
		{"by metadata", "+41791%06d;Mario;PRIMAVERA%02d\n"},
	} {
		b.Run(x.name, func(b *testing.B) {
			var file bytes.Buffer
			file.WriteString("destination;nome;codiceSconto\n")
			for i := range benchRows {
				fmt.Fprintf(&file, x.row, i, i%100)
			}
			c := parse(b, "campaign: bench\nrecipients: {region: IT}\nroute: [{channel: sms, account: a, text: 'Ciao {nome}, il tuo sconto: {codiceSconto}'}]\n")
			b.SetBytes(int64(file.Len()))
			b.ReportAllocs()
			for b.Loop() {
				readAll(b, file.Bytes(), c)
			}
			b.ReportMetric(float64(b.N)*benchRows/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

func readAll(b *testing.B, file []byte, c Campaign) {
	r, err := NewReader(bytes.NewReader(file), c, ReaderOptions{Now: told})
	if err != nil {
		b.Fatal(err)
	}
	for n := 0; ; n++ {
		_, reject, err := r.Next()
		if errors.Is(err, io.EOF) && n == benchRows {
			return
		}
		if err != nil || reject != nil {
			b.Fatalf("row %d: %v, %v", n, reject, err)
		}
	}
}

func BenchmarkObjectReader(b *testing.B) {
	c := parse(b, objectCampaign)
	text := strings.Repeat(`{"destination":"+393401234567","variables":{"nome":"Ada","codiceSconto":"X1"}}`+"\n", 2000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		r, err := NewObjectReader(strings.NewReader(text), c, ReaderOptions{Now: told})
		if err != nil {
			b.Fatal(err)
		}
		for err == nil {
			_, _, err = r.Next()
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/2000, "µs/row")
}
