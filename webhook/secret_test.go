package webhook

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// The vector that the Standard Webhooks project publishes with its libraries.
const (
	vectorSecret    = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	vectorID        = "msg_p5jXN8AQM9LWM0D4loKWxJek"
	vectorSeconds   = 1614265330
	vectorBody      = `{"test": 2432232314}`
	vectorSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
)

func secretOf(t testing.TB, text string) Secret {
	t.Helper()
	var s Secret
	if err := s.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestThePublishedVector(t *testing.T) {
	t.Parallel()
	one, two := secretOf(t, vectorSecret), secretOf(t, "whsec_"+strings.Repeat("A", 40))
	at := time.Unix(vectorSeconds, 999)
	if got := Sign(vectorID, at, []byte(vectorBody), one); got != vectorSignature {
		t.Errorf("signed %s, want %s", got, vectorSignature)
	}
	got := strings.Fields(Sign(vectorID, at, []byte(vectorBody), two, one))
	if len(got) != 2 || got[1] != vectorSignature || got[0] == got[1] || !strings.HasPrefix(got[0], "v1,") {
		t.Errorf("signed with two secrets: %v", got)
	}
}

func TestSecretsAreNotShown(t *testing.T) {
	t.Parallel()
	s := secretOf(t, vectorSecret)
	if shown := fmt.Sprintf("%v %+v %#v %s", s, Receiver{Secrets: []Secret{s}}, s, s); strings.Contains(shown, "MfKQ") || strings.Contains(shown, s.Reveal()) {
		t.Errorf("shown: %s", shown)
	}
}
