package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/provider/qlara"
	"github.com/seed-438792ba/cascade/store"
	"github.com/seed-438792ba/cascade/store/redistest"
)

const (
	secret    = "first-callback-secret"
	oldSecret = "second-callback-secret"

	viewer, operator, admin = "token-of-the-viewer", "token-of-the-operator", "token-of-the-admin"
)

const spring = `
campaign: spring
route:
  - {channel: whatsapp, account: qlara, wait: 30m, template: {id: 42}}
  - {channel: rcs, account: qlara, wait: 15m, template: {id: 10}}
  - {channel: sms, account: qlara, wait: 24h, text: "Ciao {nome}"}
recipients: {region: IT, columns: {destination: telefono}}
`

// house is the API over real sockets, on a store in miniredis.
type house struct {
	*store.Store
	t      testing.TB
	redis  *miniredis.Miniredis
	door   *fallback.Door
	api    *api.Server
	url    string
	log    *logs
	nudges atomic.Int64
}

// logs is what was logged; it is looked through for what must not be there.
type logs struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logs) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (h *house) Enqueue(context.Context, []fallback.Job) error { return nil }

func open(t testing.TB, change ...func(*api.Options)) *house {
	t.Helper()
	mini, client := redistest.Mini(t)
	h := openOn(t, client, change...)
	h.redis = mini
	return h
}

func openOn(t testing.TB, client redis.UniversalClient, change ...func(*api.Options)) *house {
	t.Helper()
	s, err := store.New(t.Context(), store.Options{Client: client})
	if err != nil {
		t.Fatal(err)
	}
	h := &house{Store: s, t: t, log: &logs{}}
	h.door = &fallback.Door{Ledger: s, Book: s, Queue: h, Nudge: func() { h.nudges.Add(1) }}
	reporter, err := qlara.New(qlara.Config{APIKey: provider.NewSecret("k"), SMS: &qlara.SMS{Sender: "Brand"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	o := api.Options{
		Door: h.door, Campaigns: register{s}, Drafts: s, Receipts: s, People: s, Repeats: s, Journal: s, Lanes: &lanes{paused: map[campaign.Lane]api.Lane{}},
		Accounts: map[string]api.Account{"qlara": {
			Secrets: []provider.Secret{provider.NewSecret(secret), provider.NewSecret(oldSecret)}, Reporter: reporter,
		}},
		Tokens: []api.Token{
			{Name: "eyes", Role: api.Viewer, Secret: provider.NewSecret(viewer)},
			{Name: "crm", Role: api.Operator, Secret: provider.NewSecret(operator)},
			{Name: "root", Role: api.Admin, Secret: provider.NewSecret(admin)},
		},
		Ready: s.Ping, Explain: explain, Log: slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, f := range change {
		f(&o)
	}
	if h.api, err = api.New(o); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h.api.Handler())
	h.url = server.URL
	t.Cleanup(func() {
		server.Close()
		h.discreet()
	})
	return h
}

// drawn are the words of a line that hold any digits: how long it took, the request's id.
var drawn = regexp.MustCompile(` (took|request)=\S+`)

// discreet fails the test if the log holds a number, a text, or a secret.
func (h *house) discreet() {
	told := drawn.ReplaceAllString(h.log.String(), "")
	for _, private := range []string{"39340", "39347", secret, oldSecret, viewer, operator, admin, "STOP", "risposta"} {
		if strings.Contains(told, private) {
			h.t.Errorf("the log holds %q:\n%s", private, h.log)
		}
	}
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) into(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), v); err != nil {
		t.Fatalf("the answer is not JSON: %v\n%s", err, a.body)
	}
}

func (h *house) do(method, path, token, contentType, body string) answer {
	h.t.Helper()
	r, err := http.NewRequest(method, h.url+path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	return h.send(r)
}

func (h *house) send(r *http.Request) answer {
	h.t.Helper()
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(b)}
}

func (h *house) get(path, token string) answer { return h.do("GET", path, token, "", "") }

func (h *house) post(path, token, body string) answer { return h.do("POST", path, token, "", body) }

// want fails the test unless the answer has this status.
func (h *house) want(what string, a answer, status int) answer {
	h.t.Helper()
	if a.status != status {
		h.t.Fatalf("%s: got %d, want %d\n%s", what, a.status, status, a.body)
	}
	return a
}

// running is a campaign to n people that was started.
func (h *house) running(n int) {
	h.t.Helper()
	h.want("create", h.do("POST", "/v1/campaigns", operator, "application/yaml", spring), 201)
	h.want("import", h.do("POST", "/v1/campaigns/spring/recipients", operator, "text/csv", people(n)), 200)
	h.want("start", h.post("/v1/campaigns/spring/start", operator, ""), 200)
}

func people(n int) string {
	var b strings.Builder
	b.WriteString("telefono;nome\n")
	for i := range n {
		fmt.Fprintf(&b, "%s;Ada\n", person(i).E164())
	}
	return b.String()
}

func person(i int) campaign.Destination {
	return campaign.Destination(fmt.Sprintf("+39340%07d", 1000000+i))
}

func (h *house) message(i int) campaign.MessageID { return h.IDKey().Message("spring", person(i), "") }

func (h *house) record(id campaign.MessageID) fallback.Record {
	h.t.Helper()
	records, err := h.Load(h.t.Context(), []campaign.MessageID{id})
	if err != nil || records[0].Stamp == 0 {
		h.t.Fatalf("load message %s: %v", id, err)
	}
	return records[0]
}

// waitOn brings a message to the point where its leg waits for receipts.
func (h *house) waitOn(id campaign.MessageID, leg int) campaign.AttemptID {
	h.t.Helper()
	ctx, now := h.t.Context(), time.Now()
	for {
		r := h.record(id)
		switch s := r.State; {
		case s.Phase == fallback.Waiting && int(s.Leg) == leg:
			return r.Attempt()
		case s.Phase == fallback.Waiting:
			h.judge(r, fallback.OnAlarm)
		case s.Phase == fallback.Scheduled:
			h.judge(r, fallback.OnTurn)
		default:
			e := fallback.Event{Kind: fallback.OnClaim, Attempt: r.Attempt(), Mark: s.Ticket}
			if s.Phase == fallback.Sending {
				e.Kind = fallback.OnAccepted
			}
			results, err := h.door.Advance(ctx, now, fallback.Order{ID: id, Event: e})
			if err != nil || !results[0].Moved() {
				h.t.Fatalf("%s of %s: %v %v", e.Kind, s, err, results[0].Err)
			}
		}
	}
}

func (h *house) judge(r fallback.Record, kind fallback.EventKind) {
	h.t.Helper()
	results, err := h.door.Judge(h.t.Context(), time.Now(), []fallback.Record{r}, kind)
	if err != nil || !results[0].Moved() {
		h.t.Fatalf("%s of %s: %v %v", kind, r.State, err, results[0].Err)
	}
}
