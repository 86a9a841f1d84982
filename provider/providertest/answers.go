package providertest

import (
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/provider"
)

// common are the answers that mean the same with every provider.
var common = []Answer{
	{Name: "bad gateway", Status: 502, Want: provider.Outcome{Kind: provider.Unknown, Fault: true}},
	{Name: "gateway timeout", Status: 504, Want: provider.Outcome{Kind: provider.Unknown, Fault: true}},
	{Name: "nobody's 599", Status: 599, Want: provider.Outcome{Kind: provider.Unknown, Fault: true}},
	{Name: "not authorised", Status: 401, Want: provider.Outcome{Kind: provider.Misconfigured, Scope: provider.AccountScope}},
	{Name: "empty yes", Status: 200, Want: provider.Outcome{Kind: provider.Unknown, Fault: true}},
	{Name: "no content", Status: 204, Want: provider.Outcome{Kind: provider.Unknown, Fault: true}},
	{Name: "a page", Status: 200, Body: "<html>welcome</html>", Want: provider.Outcome{Kind: provider.Unknown, Fault: true}},
	{Name: "empty object", Status: 200, Body: "{}", Want: provider.Outcome{Kind: provider.Unknown, Fault: true}},
	{Name: "empty list", Status: 200, Body: "[]", Want: provider.Outcome{Kind: provider.Unknown, Fault: true}},
	{Name: "null", Status: 200, Body: "null", Want: provider.Outcome{Kind: provider.Unknown, Fault: true}},
	{Name: "a word", Status: 200, Body: `"ok"`, Want: provider.Outcome{Kind: provider.Unknown, Fault: true}},
}

func (k Kit) answers(t *testing.T) {
	for _, a := range common {
		a.AnyWord = true
		k.judge(t, a)
	}
	_, first := k.first(t)
	yes := string(first)
	k.judge(t, Answer{Name: "half a yes", Status: 200, Body: yes[:len(yes)/2], AnyWord: true,
		Want: provider.Outcome{Kind: provider.Unknown, Fault: true}})
	k.judge(t, Answer{Name: "a yes without end", Status: 200, Body: yes + strings.Repeat(" ", 1<<20), AnyWord: true,
		Want: provider.Outcome{Kind: provider.Unknown, Fault: true}})
	for _, a := range k.Answers {
		k.judge(t, a)
	}
}

func (k Kit) judge(t *testing.T, a Answer) {
	k.tally.add(1)
	t.Run(fmt.Sprintf("%d %s", a.Status, cmp.Or(a.Name, a.Example)), func(t *testing.T) {
		t.Parallel()
		body := []byte(a.Body)
		if a.Example != "" {
			body = Example(t, a.Example)
		}
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			readAll(r.Body)
			answer(w, a.Status, a.Header, body)
		}))
		defer server.Close()
		got := k.adapter(t, server.URL).Send(t.Context(), k.send(a.Channel).attempt(t), open)
		if got.Reason == "" && got.Kind != provider.Accepted {
			t.Errorf("no reason is given for %s", got.Kind)
		}
		if a.AnyWord {
			got.Reason = a.Want.Reason
		}
		if got != a.Want {
			t.Errorf("outcome %+v, want %+v", got, a.Want)
		}
	})
}

// retryAfter asks for both forms of the header, and for none.
func (k Kit) retryAfter(t *testing.T) {
	date := now.Add(-time.Hour) // the provider's clock is an hour late
	for _, c := range []struct {
		name, retryAfter, date string
		want                   time.Duration
	}{
		{"seconds", "12", "", 12 * time.Second},
		{"date by the answer's clock", date.Add(30 * time.Second).Format(http.TimeFormat), date.Format(http.TimeFormat), 30 * time.Second},
		{"date past", date.Add(-time.Minute).Format(http.TimeFormat), date.Format(http.TimeFormat), 0},
		{"none", "", "", 0},
		{"nonsense", "soon", "", 0},
		{"negative", "-5", "", 0},
		{"for ever", "99999999999999999999", "", 24 * time.Hour},
	} {
		header := map[string]string{}
		if c.retryAfter != "" {
			header["Retry-After"] = c.retryAfter
		}
		if c.date != "" {
			header["Date"] = c.date
		}
		k.tally.add(1)
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				answer(w, http.StatusTooManyRequests, header, nil)
			}))
			defer server.Close()
			got := k.adapter(t, server.URL).Send(t.Context(), k.Sends[0].attempt(t), open)
			if got.Kind != provider.Postponed || !got.Throttled || got.Fault || got.RetryAfter != c.want {
				t.Errorf("429 with Retry-After %q became %+v, want postponed, throttled, no fault, after %s", c.retryAfter, got, c.want)
			}
		})
	}
}
