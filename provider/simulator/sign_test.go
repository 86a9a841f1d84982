package simulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"
)

func TestCallbacksBearWhatWasAsked(t *testing.T) {
	t.Parallel()
	all := Signing{User: "u", Password: "p", Header: "X-Cascade", Value: "v", HMACHeader: "X-Signature", HMACKey: "k"}
	some := Signing{User: "u", Password: "p", Header: "X-Cascade", Value: "v"}
	w := start(t, Options{Signing: map[string]Signing{"infobip": all, "kaleyra": some}})
	for _, c := range callers {
		w.by(c, c.order(wa, number("0012"), "m-1"))
	}
	w.drain()
	for _, got := range w.receiver.all() {
		user, password, basic := got.Request.BasicAuth()
		header, signature := got.Request.Header.Get("X-Cascade"), got.Request.Header.Get("X-Signature")
		mac := hmac.New(sha256.New, []byte("k"))
		mac.Write(got.Body)
		switch {
		case word(got.JSON, "source") != "" || word(got.JSON, "reference") != "": // WAB's
			if basic || header != "" || signature != "" {
				t.Errorf("WAB signs nothing, and its callback bears %q %q %q", user, header, signature)
			}
		case user != "u" || password != "p" || header != "v":
			t.Errorf("%s %s bears %q, %q and %q", got.Method, got.Path, user, password, header)
		case got.JSON != nil && signature != hex.EncodeToString(mac.Sum(nil)):
			t.Errorf("the signature is %q", signature)
		case got.Method == http.MethodGet && signature != "":
			t.Error("Kaleyra signs no body")
		}
	}
}

func TestWhatAProviderCannotSign(t *testing.T) {
	t.Parallel()
	_, err := New(Options{Signing: map[string]Signing{"qlara": {User: "u", Password: "p"}, "kaleyra": {HMACHeader: "X", HMACKey: "k"}, "infobip": {HMACHeader: "X", HMACKey: "k"}}})
	for _, want := range []string{"Qlara's callbacks bear no basic", "Kaleyra's callbacks bear no hmac"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if err != nil && strings.Contains(err.Error(), "Infobip") {
		t.Errorf("Infobip signs: %v", err)
	}
}

func TestParseSigning(t *testing.T) {
	t.Parallel()
	var got Signing
	for _, text := range []string{"basic:u:p:q", "header:X-Cascade:v", "hmac:X-Signature:k"} {
		if err := got.ParseSigning(text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	if want := (Signing{"u", "p:q", "X-Cascade", "v", "X-Signature", "k"}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	for _, text := range []string{"", "basic", "basic:u", "basic::hush", "hmac:X:", "token:X:hush"} {
		if err := got.ParseSigning(text); err == nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("%q: %v, want an error without the secret", text, err)
		}
	}
}
