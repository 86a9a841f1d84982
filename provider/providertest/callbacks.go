package providertest

import (
	"bytes"
	"cmp"
	"net/http"
	"net/http/httptest"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/seed-438792ba/cascade/campaign"
)

func (k Kit) callbacks(t *testing.T) {
	a := k.adapter(t, "http://127.0.0.1:1")
	for _, c := range k.Callbacks {
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
	r.Header.Set("Content-Type", cmp.Or(c.ContentType, "application/json"))
	return r
}
