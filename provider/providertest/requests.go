package providertest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-438792ba/cascade/provider"
)

// requests compares each request with its example, and judges the documented yes.
func (k Kit) requests(t *testing.T) {
	for _, s := range k.Sends {
		k.tally.add(1)
		t.Run(s.name(), func(t *testing.T) {
			t.Parallel()
			var got *http.Request
			var body []byte
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				got, body = r, readAll(r.Body)
				answer(w, http.StatusOK, nil, Example(t, s.Yes))
			}))
			defer server.Close()
			a := k.adapter(t, server.URL)
			if s.New != nil {
				a = opened(t, s.New, server.URL, provider.ClientOptions{})
			}
			s.supported(t, a)
			outcome := a.Send(t.Context(), s.attempt(t), open)
			if outcome != s.Want {
				t.Errorf("the documented yes became %+v, want %+v", outcome, s.Want)
			}
			if got == nil {
				t.Fatal("no request came")
			}
			s.compare(t, got, body)
		})
	}
}

// supported asks that a campaign with this leg is taken.
func (s Send) supported(t *testing.T, a Adapter) {
	c, err := s.leg()
	if err != nil {
		t.Fatal(err)
	}
	for i, leg := range c.Route.Links() {
		if wrong := a.Supports(leg); len(wrong) > 0 {
			t.Errorf("leg %d is refused: %q", i+1, wrong)
		}
	}
	if !c.Route.Chained() {
		return
	}
	chainer, is := a.(provider.Chainer)
	if !is {
		t.Fatal("a chain at an adapter that is no provider.Chainer")
	}
	if wrong := chainer.ChainProblems(c.Route[0]); len(wrong) > 0 {
		t.Errorf("the chain is refused: %q", wrong)
	}
}

func (s Send) compare(t *testing.T, r *http.Request, body []byte) {
	if r.Method != http.MethodPost || r.URL.RequestURI() != s.Path {
		t.Errorf("%s %s, want POST %s", r.Method, r.URL.RequestURI(), s.Path)
	}
	for name, want := range s.Header {
		if got := r.Header.Get(name); got != want {
			t.Errorf("header %s: %q, want %q", name, got, want)
		}
	}
	// net/http repeats a POST that bears this header.
	if _, there := r.Header["Idempotency-Key"]; there {
		t.Error("the request bears an Idempotency-Key")
	}
	if diff := cmp.Diff(s.want(t), any(fields(t, r, body))); diff != "" {
		t.Errorf("the request differs from the documented one (-want +got):\n%s", diff)
	}
}

// fields are those of the request's JSON object, or of its form.
func fields(t *testing.T, r *http.Request, body []byte) map[string]any {
	fields := map[string]any{}
	if r.Header.Get("Content-Type") == "application/x-www-form-urlencoded" {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			t.Fatalf("the request is no form: %v", err)
		}
		for name, values := range form {
			if len(values) != 1 {
				t.Errorf("the request has %s %d times", name, len(values))
			}
			fields[name] = values[0]
		}
		return fields
	}
	if err := json.Unmarshal(body, &fields); err != nil {
		t.Fatalf("the request is no JSON object: %v", err)
	}
	return fields
}

func readAll(r io.Reader) []byte {
	b, _ := io.ReadAll(r) // what is missing shows in the comparison
	return b
}
