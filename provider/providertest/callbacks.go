package providertest

import (
	"bytes"
	"cmp"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// Callback is a request of the provider and what must be read in it.
type Callback struct {
	Name string // default: the Example
	// Example is the documented callback: a file of testdata, without its ending. One that
	// is an envelope says itself whether it is a form or a query.
	Example string
	// Instead are words of the example and what stands in their place here, in turns: the
	// examples have numbers that nobody can have.
	Instead []string

	Method      string // where there is no Example: default POST; a GET has its Body in the query
	ContentType string // of a POST; default application/json
	Body        []byte
	Want        []campaign.Receipt
	Ack         provider.Ack
}

// loaded is the callback with its example's method, content type and body.
func (c Callback) loaded(t testing.TB) Callback {
	t.Helper()
	c.Name = cmp.Or(c.Name, c.Example)
	if c.Example == "" {
		return c
	}
	body, part := example(t, c.Example)
	switch part {
	case "query":
		c.Method, body = http.MethodGet, encoded(t, body)
	case "form":
		c.ContentType, body = cmp.Or(c.ContentType, provider.FormType), encoded(t, body)
	}
	for i := 0; i < len(c.Instead); i += 2 {
		if !bytes.Contains(body, []byte(c.Instead[i])) {
			t.Fatalf("%s has no %q", c.Example, c.Instead[i])
		}
	}
	c.Body = []byte(strings.NewReplacer(c.Instead...).Replace(string(body)))
	return c
}

func (k Kit) callbacks(t *testing.T) {
	a := k.adapter(t, Nowhere)
	for _, c := range k.Callbacks {
		c = c.loaded(t)
		k.tally.add(1)
		t.Run(c.Name, func(t *testing.T) {
			got, ack, err := a.Receipts(c.request(c.Body))
			if err != nil {
				t.Fatalf("error: %v", err)
			}
			if diff := gocmp.Diff(c.Want, got, gocmp.Comparer(sameNumber)); diff != "" {
				t.Errorf("receipts (-want +got):\n%s", diff)
			}
			if ack != c.Ack {
				t.Errorf("ack %+v, want %+v", ack, c.Ack)
			}
			if err := CheckReceipts(got, err); err != nil {
				t.Error(err)
			}
		})
	}
}

// sameNumber compares numbers whole; they print masked.
func sameNumber(a, b campaign.Destination) bool { return a.E164() == b.E164() }

func (c Callback) request(body []byte) *http.Request {
	if c.Method == http.MethodGet {
		r := httptest.NewRequest(http.MethodGet, "/callbacks/account/secret", nil)
		r.URL.RawQuery = string(body)
		return r
	}
	r := httptest.NewRequest(http.MethodPost, "/callbacks/account/secret", bytes.NewReader(body))
	r.Header.Set("Content-Type", cmp.Or(c.ContentType, provider.JSONType))
	return r
}
