package providertest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/provider"
)

// CheckUnreadable asks that nothing is read in a callback, and that this is an error.
func CheckUnreadable(t *testing.T, name string, reporter provider.Reporter, r *http.Request) {
	t.Helper()
	receipts, _, err := reporter.Receipts(r)
	if err == nil || len(receipts) != 0 {
		t.Errorf("%s: %+v, error %v; want none and an error", name, receipts, err)
	}
}

// CheckBeside asks that the receipts about these ids, the provider's, come beside an
// error that names what could not be read.
func CheckBeside(t *testing.T, reporter provider.Reporter, r *http.Request, named string, ids ...string) {
	t.Helper()
	receipts, _, err := reporter.Receipts(r)
	var got []string
	for _, receipt := range receipts {
		got = append(got, receipt.ProviderID)
	}
	if strings.Join(got, " ") != strings.Join(ids, " ") {
		t.Errorf("receipts about %q, want %q", got, ids)
	}
	if err == nil || !strings.Contains(err.Error(), named) {
		t.Errorf("error %v, want one that names %s", err, named)
	}
}

// FuzzReceipts bends callbacks, beginning with these.
func FuzzReceipts(f *testing.F, reporter provider.Reporter, callbacks []Callback) {
	for _, c := range callbacks {
		c = c.loaded(f)
		f.Add(c.Method == http.MethodGet, c.ContentType, c.Body)
	}
	f.Fuzz(func(t *testing.T, get bool, contentType string, body []byte) {
		r := Post(contentType, string(body))
		if get {
			r = httptest.NewRequest(http.MethodGet, "/", nil)
			r.URL.RawQuery = string(body)
		}
		receipts, _, err := reporter.Receipts(r)
		if err := CheckReceipts(receipts, err); err != nil {
			t.Error(err)
		}
	})
}

// BenchmarkReceipts reads one callback again and again.
func BenchmarkReceipts(b *testing.B, reporter provider.Reporter, c Callback) {
	c = c.loaded(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := reporter.Receipts(c.request(c.Body)); err != nil {
			b.Fatal(err)
		}
	}
}
