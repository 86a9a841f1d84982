package qlara

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/provider/providertest"
)

// asked is what comes of asking a server that answers so, and the request that it saw.
func asked(t *testing.T, about []campaign.AttemptID, status int, header, body string) (provider.Findings, *http.Request) {
	t.Helper()
	var saw *http.Request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		saw = r
		if name, value, found := strings.Cut(header, ": "); found {
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}))
	p := providertest.Made(t, New, account(server.URL+"/api"))
	found := p.Ask(t.Context(), campaign.SMS, about, func() error { return nil })
	p.client.CloseIdle()
	server.Close()
	return found, saw
}

var (
	answered = provider.Outcome{Kind: provider.Accepted}
	other    = campaign.IDKey{1}.Message("spring-sale", "+393407654321", "").Attempt(0, 0)
)

// said is the documented answer with another word.
func said(t *testing.T, word string) string {
	const id, example = "e76614d1-4ac1-4d94-89f0-d07f1b5a190c", "DELIVERED"
	text := string(providertest.Example(t, "status-poll-response"))
	return strings.NewReplacer(id, attempt.String(), example, word).Replace(text)
}

func TestAskingAboutOne(t *testing.T) {
	t.Parallel()
	news := func(kind campaign.ReceiptKind, reason string) provider.Findings {
		return provider.Findings{Outcome: answered, News: []campaign.Receipt{{Attempt: attempt, Kind: kind, Reason: reason}}}
	}
	never := provider.Findings{Outcome: answered, Missing: []campaign.AttemptID{attempt}}
	for _, c := range []struct {
		name         string
		status       int
		header, body string
		want         provider.Findings
	}{
		{"sent", 200, "", said(t, "SENT"), news(campaign.ReceiptSent, "")},
		{"received", 200, "", said(t, "RECEIVED"), news(campaign.ReceiptSent, "")},
		{"delivered", 200, "", said(t, "DELIVERED"), news(campaign.ReceiptDelivered, "")},
		{"error", 200, "", said(t, "ERROR"), news(campaign.ReceiptUndeliverable, "Delivered")}, // the example's description
		{"expired", 200, "", said(t, "EXPIRED"), news(campaign.ReceiptExpired, "Delivered")},
		{"unknown", 200, "", said(t, "UNKNOWN"), never},
		{"a new word", 200, "", said(t, "POSTPONED"), news(campaign.ReceiptUnknown, "status POSTPONED")},
		{"not there", 404, "", `{"status":404}`, never},
		{"not there, no words", 404, "", "", never},
		{"no such path", 404, "Content-Type: text/html; charset=utf-8", "<html>", provider.Findings{
			Outcome: provider.Outcome{Kind: provider.Misconfigured, Scope: provider.LaneScope, Reason: "http 404"}}},
		{"another's status", 200, "", string(providertest.Example(t, "status-poll-response")), provider.Findings{
			Outcome: provider.Outcome{Kind: provider.Unknown, Fault: true, Reason: "http 200: unreadable answer"}}},
		{"nothing", 200, "", "", provider.Findings{
			Outcome: provider.Outcome{Kind: provider.Unknown, Fault: true, Reason: "http 200: unreadable answer"}}},
		{"not authorised", 401, "", `{"message":"bad key ` + secret + `"}`, provider.Findings{
			Outcome: provider.Outcome{Kind: provider.Misconfigured, Scope: provider.AccountScope, Reason: "http 401: bad key …"}}},
		{"too many", 429, "Retry-After: 7", `{"retryAfter":9}`, provider.Findings{
			Outcome: provider.Outcome{Kind: provider.Postponed, Throttled: true, RetryAfter: 9 * time.Second, Reason: "http 429"}}},
		{"away", 503, "", "", provider.Findings{
			Outcome: provider.Outcome{Kind: provider.Unavailable, Fault: true, Reason: "http 503"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, saw := asked(t, []campaign.AttemptID{attempt}, c.status, c.header, c.body)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			want := "/api/partner-gateway/v1/messages/status/" + attempt.String() + "?channel=SMS"
			if saw.Method != http.MethodGet || saw.URL.RequestURI() != want || saw.Header.Get("X-Api-Key") != secret {
				t.Errorf("asked %s %s, want GET %s with the key", saw.Method, saw.URL.RequestURI(), want)
			}
		})
	}
}

// A list tells what it names; what it leaves out is not said to be missing.
func TestAskingAboutSeveral(t *testing.T) {
	t.Parallel()
	third := campaign.IDKey{1}.Message("spring-sale", "+393400000003", "").Attempt(0, 0)
	about := []campaign.AttemptID{attempt, other, third}
	body := fmt.Sprintf(`[%s, {"customerMessageId":%q,"deliveryStatus":"UNKNOWN"}]`, said(t, "DELIVERED"), other)
	got, saw := asked(t, about, 200, "", body)
	want := provider.Findings{
		Outcome: answered,
		News:    []campaign.Receipt{{Attempt: attempt, Kind: campaign.ReceiptDelivered}},
		Missing: []campaign.AttemptID{other},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if ids := saw.URL.Query().Get("ids"); saw.URL.Path != "/api"+statusPath || saw.URL.Query().Get("channel") != "SMS" || ids != fmt.Sprintf("%s,%s,%s", attempt, other, third) {
		t.Errorf("asked for %s", saw.URL.RequestURI())
	}
	for _, odd := range []string{`{}`, `null`, `{"messages":[]}`, `[]`} {
		if got, _ := asked(t, about, 200, "", odd); len(got.News)+len(got.Missing) > 0 {
			t.Errorf("of %s was read: %+v", odd, got)
		}
	}
}

// A question is asked once, even where the transport would ask again by itself.
func TestAskingIsNotRepeated(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if requests.Add(1) == 1 {
			fmt.Fprint(w, said(t, "SENT"))
			return
		}
		panic(http.ErrAbortHandler) // on the connection that was used before
	}))
	defer server.Close()
	p := providertest.Made(t, New, account(server.URL))
	defer p.client.CloseIdle()
	var gates atomic.Int32
	ask := func() provider.Findings {
		return p.Ask(t.Context(), campaign.SMS, []campaign.AttemptID{attempt}, func() error { gates.Add(1); return nil })
	}
	if got := ask(); got.Outcome != answered {
		t.Fatalf("asked: %+v", got)
	}
	if got := ask(); got.Outcome.Kind != provider.Unknown || len(got.News)+len(got.Missing) > 0 || requests.Load() != 2 || gates.Load() != 2 {
		t.Errorf("cut off: %+v after %d requests and %d gates, want unknown, 2 and 2", got, requests.Load(), gates.Load())
	}
}
