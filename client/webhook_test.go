package client_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/client"
)

// The vector that the Standard Webhooks project publishes with its libraries.
const (
	vectorSecret    = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	vectorBody      = `{"test": 2432232314}`
	vectorSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
)

var vectorTime = time.Unix(1614265330, 0)

func vectorHeader(change ...string) http.Header {
	h := http.Header{}
	h.Set("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
	h.Set("webhook-timestamp", "1614265330")
	h.Set("webhook-signature", vectorSignature)
	for i := 0; i+1 < len(change); i += 2 {
		h.Set(change[i], change[i+1])
	}
	return h
}

func TestVerify(t *testing.T) {
	t.Parallel()
	v, err := client.NewVerifier(vectorSecret)
	if err != nil {
		t.Fatal(err)
	}
	two, err := client.NewVerifier("whsec_"+strings.Repeat("A", 40), vectorSecret)
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]struct {
		v         *client.Verifier
		header    http.Header
		body      string
		now       time.Time
		authentic bool
	}{
		"the published vector":       {v, vectorHeader(), vectorBody, vectorTime, true},
		"a little late":              {v, vectorHeader(), vectorBody, vectorTime.Add(4 * time.Minute), true},
		"the second of two secrets":  {two, vectorHeader(), vectorBody, vectorTime, true},
		"one of several signatures":  {v, vectorHeader("webhook-signature", "v1,AAAA v1a,BBBB "+vectorSignature), vectorBody, vectorTime, true},
		"another body":               {v, vectorHeader(), vectorBody + " ", vectorTime, false},
		"another id":                 {v, vectorHeader("webhook-id", "msg_other"), vectorBody, vectorTime, false},
		"another time":               {v, vectorHeader("webhook-timestamp", "1614265331"), vectorBody, vectorTime, false},
		"too late":                   {v, vectorHeader(), vectorBody, vectorTime.Add(6 * time.Minute), false},
		"too early":                  {v, vectorHeader(), vectorBody, vectorTime.Add(-6 * time.Minute), false},
		"no signature":               {v, vectorHeader("webhook-signature", ""), vectorBody, vectorTime, false},
		"a signature of no scheme":   {v, vectorHeader("webhook-signature", strings.TrimPrefix(vectorSignature, "v1,")), vectorBody, vectorTime, false},
		"a signature of another one": {v, vectorHeader("webhook-signature", "v2"+strings.TrimPrefix(vectorSignature, "v1")), vectorBody, vectorTime, false},
		"no id":                      {v, vectorHeader("webhook-id", ""), vectorBody, vectorTime, false},
		"no time":                    {v, vectorHeader("webhook-timestamp", "yesterday"), vectorBody, vectorTime, false},
	} {
		err := x.v.Verify(x.header, []byte(x.body), x.now)
		if x.authentic != (err == nil) || !x.authentic && !errors.Is(err, client.ErrNotAuthentic) {
			t.Errorf("%s: %v, want it to be authentic: %v", name, err, x.authentic)
		}
	}
	for _, bad := range [][]string{nil, {""}, {"whsec_"}, {"whsec_!!"}} {
		if _, err := client.NewVerifier(bad...); err == nil {
			t.Errorf("a verifier is made of %q", bad)
		}
	}
}

func TestWhatIsNotAuthenticIsNotRead(t *testing.T) {
	t.Parallel()
	v, err := client.NewVerifier(vectorSecret)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/", strings.NewReader(vectorBody))
	r.Header = vectorHeader() // years old
	if _, err := v.Read(r); !errors.Is(err, client.ErrNotAuthentic) {
		t.Errorf("read: %v", err)
	}
}
