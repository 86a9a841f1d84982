package providertest

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/seed-438792ba/cascade/provider"
)

// privacy has the provider quote, in every kind of answer, all that it knows, and looks
// for it in everything that may be logged.
func (k Kit) privacy(t *testing.T) {
	attempt, _ := k.first(t)
	private := append([]string{attempt.To.E164(), attempt.To.E164()[1:]}, k.Secrets...)
	for _, value := range attempt.Variables {
		private = append(private, value)
	}
	if template := attempt.Content.Template; template != nil {
		private = append(private, template.Parameters...)
	}
	if attempt.Content.Text != "" {
		private = append(private, attempt.Content.Text)
	}
	words := "refused https://example.com/x?k=" + strings.Join(private, " for ") + " " + strings.Repeat("long ", 100)

	for _, status := range []int{302, 400, 401, 403, 404, 409, 418, 422, 429, 500, 502, 503} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			for _, body := range [][]byte{[]byte(words), everywhere(words)} {
				k.keeps(t, private, k.answering(t, status, body))
			}
		})
	}
	if k.Refusal != nil {
		t.Run("refusal", func(t *testing.T) {
			got := k.answering(t, http.StatusOK, k.Refusal(words))
			if got.Kind != provider.Refused {
				t.Errorf("the refusal became %+v", got)
			}
			k.keeps(t, private, got)
		})
	}
	t.Run("not HTTP", func(t *testing.T) {
		url := listen(t, func(c net.Conn) {
			if readRequest(c) == nil {
				fmt.Fprintf(c, "HTTP/1.1 %s\r\n\r\n", words)
			}
		})
		k.keeps(t, private, k.adapter(t, url).Send(t.Context(), attempt, open))
	})
	t.Run("the adapter itself", func(t *testing.T) {
		a := k.adapter(t, "http://127.0.0.1:1")
		for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
			without(t, fmt.Sprintf(verb, a), k.Secrets)
		}
	})
}

// everywhere puts the words into every field in which a provider explains itself.
func everywhere(words string) []byte {
	b, err := json.Marshal(map[string]any{
		"error": words, "message": words, "description": words, "reason": words, "detail": words,
		"reasons": []string{words}, "errors": []map[string]any{{"code": words, "message": words}},
		"requestError": map[string]any{"serviceException": map[string]string{"messageId": words, "text": words}},
	})
	if err != nil {
		panic(err) // strings only
	}
	return b
}

func (k Kit) answering(t *testing.T, status int, body []byte) provider.Outcome {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		readAll(r.Body)
		answer(w, status, nil, body)
	}))
	defer server.Close()
	return k.adapter(t, server.URL).Send(t.Context(), k.Sends[0].attempt(t), open)
}

func (k Kit) keeps(t *testing.T, private []string, o provider.Outcome) {
	t.Helper()
	k.tally.add(1)
	if n := utf8.RuneCountInString(o.Reason); n == 0 || n > 80 || !utf8.ValidString(o.Reason) {
		t.Errorf("the reason %q has %d characters, want 1 to 80", o.Reason, n)
	}
	without(t, fmt.Sprintf("%v %+v %#v", o, o, o), private)
}

func without(t *testing.T, printed string, private []string) {
	t.Helper()
	for _, p := range private {
		if strings.Contains(printed, p) {
			t.Errorf("%q shows in %q", p, printed)
		}
	}
}
