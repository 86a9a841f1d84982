package web_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/client"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/store"
	"github.com/seed-438792ba/cascade/store/redistest"
	"github.com/seed-438792ba/cascade/web"
)

const viewer, operator, admin = "token-of-the-viewer", "token-of-the-operator", "token-of-the-admin"

// house is the dashboard over a real socket, on the API, on a store in miniredis.
type house struct {
	*store.Store
	t         *testing.T
	redis     *miniredis.Miniredis
	door      *fallback.Door
	dashboard *web.Dashboard
	desk      *desk
	url       string
	draft     string // of a campaign that is being prepared, once there is one
	log       *logs
}

// settings are what a test may change.
type settings struct {
	api     api.Options
	web     web.Options
	timeout time.Duration // of the server that all is served by
}

func open(t *testing.T, change ...func(*settings)) *house {
	t.Helper()
	mini, redis := redistest.Mini(t)
	s, err := store.New(t.Context(), store.Options{Client: redis})
	if err != nil {
		t.Fatal(err)
	}
	h := &house{Store: s, t: t, redis: mini, desk: newDesk(), log: &logs{}}
	h.door = &fallback.Door{Ledger: s, Book: s, Queue: h, Nudge: func() {}}
	log := slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	set := settings{
		api: api.Options{
			Door: h.door, Campaigns: register{s}, Drafts: s, Receipts: s, People: s, Repeats: s, Journal: s, Lanes: h.desk,
			Tokens: []api.Token{
				{Name: "eyes", Role: api.Viewer, Secret: provider.NewSecret(viewer)},
				{Name: "crm", Role: api.Operator, Secret: provider.NewSecret(operator)},
				{Name: "root", Role: api.Admin, Secret: provider.NewSecret(admin)},
			},
			Ready: s.Ping, Explain: explain, Log: log,
		},
		web: web.Options{Sessions: s.Sessions(), Environment: web.Simulated, Log: log},
	}
	for _, f := range change {
		f(&set)
	}
	set.api.Pages = func(server *api.Server) (_ http.Handler, err error) {
		h.dashboard, err = web.New(server, set.web)
		return h.dashboard, err
	}
	server, err := api.New(set.api)
	if err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewUnstartedServer(server.Handler())
	listener.Config.ReadTimeout, listener.Config.WriteTimeout = set.timeout, set.timeout
	listener.Start()
	h.url = listener.URL
	t.Cleanup(func() {
		h.dashboard.Close()
		listener.Close()
		h.discreet()
	})
	return h
}

// discreet fails the test if the log holds a number or a secret.
func (h *house) discreet() {
	for _, private := range []string{"39340", viewer, operator, admin} {
		if strings.Contains(h.log.String(), private) {
			h.t.Errorf("the log holds %q:\n%s", private, h.log)
		}
	}
}

func (h *house) Enqueue(context.Context, []fallback.Job) error { return nil }

// browser is somebody's browser: it keeps cookies and follows no redirect by itself.
type browser struct {
	*house
	http http.Client
}

func (h *house) browser() *browser {
	jar, _ := cookiejar.New(nil) // gives no error
	return &browser{h, http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// as is a browser that is logged in.
func (h *house) as(token string) *browser {
	h.t.Helper()
	b := h.browser()
	if got := b.post("/login", url.Values{"token": {token}}); got.status != http.StatusSeeOther {
		h.t.Fatalf("log in: %d\n%s", got.status, got.body)
	}
	return b
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (b *browser) get(path string) answer {
	b.t.Helper()
	r, _ := http.NewRequest(http.MethodGet, b.url+path, nil)
	return b.send(r)
}

func (b *browser) post(path string, form url.Values) answer {
	b.t.Helper()
	r, _ := http.NewRequest(http.MethodPost, b.url+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.send(r)
}

func (b *browser) send(r *http.Request) answer {
	b.t.Helper()
	resp, err := b.http.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(text)}
}

// page is a page that must be there.
func (b *browser) page(path string) string {
	b.t.Helper()
	got := b.get(path)
	if got.status != http.StatusOK {
		b.t.Fatalf("%s: %d\n%s", path, got.status, got.body)
	}
	return got.body
}

// client speaks to the API as other services do.
func (h *house) client(token string) *client.Client {
	h.t.Helper()
	c, err := client.New(client.Options{Server: h.url, Token: token, Patience: -1})
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

const spring = `
campaign: spring
route:
  - {channel: whatsapp, account: qlara, wait: 30m, template: {id: 42}}
  - {channel: rcs, account: qlara, wait: 15m, template: {id: 10}}
  - {channel: sms, account: qlara, wait: 24h, text: "Ciao {nome}"}
recipients: {region: IT, columns: {destination: telefono}}
`

// running is a campaign to n people that was started.
func (h *house) running(n int) {
	h.t.Helper()
	var rows strings.Builder
	rows.WriteString("telefono;nome\n")
	for i := range n {
		fmt.Fprintf(&rows, "%s;Ada\n", person(i).E164())
	}
	c, ctx := h.client(operator), h.t.Context()
	if _, err := c.CreateCampaignFile(ctx, []byte(spring)); err != nil {
		h.t.Fatal(err)
	}
	if _, err := c.UploadCSV(ctx, "spring", strings.NewReader(rows.String())); err != nil {
		h.t.Fatal(err)
	}
	if _, err := c.Start(ctx, "spring", ""); err != nil {
		h.t.Fatal(err)
	}
	d, err := c.NewDraft(ctx, []byte(strings.Replace(spring, "spring", "summer", 1)))
	if err == nil {
		d, err = c.UploadDraft(ctx, d.ID, "summer.csv", strings.NewReader(rows.String()))
	}
	if h.draft = d.ID; err != nil {
		h.t.Fatal(err)
	}
}

func person(i int) campaign.Destination {
	return campaign.Destination(fmt.Sprintf("+39340%07d", 1000000+i))
}

func (h *house) message(i int) campaign.MessageID { return h.IDKey().Message("spring", person(i), "") }

// tell tells the door what happened to a person's message.
func (h *house) tell(i int, kinds ...fallback.EventKind) {
	h.t.Helper()
	for _, kind := range kinds {
		records, err := h.Load(h.t.Context(), []campaign.MessageID{h.message(i)})
		if err != nil || records[0].Stamp == 0 {
			h.t.Fatalf("load message %d: %v", i, err)
		}
		r := records[0]
		var results []fallback.Result
		if kind == fallback.OnTurn || kind == fallback.OnAlarm {
			results, err = h.door.Judge(h.t.Context(), time.Now(), records, kind)
		} else {
			e := fallback.Event{Kind: kind, Attempt: r.Attempt(), Mark: r.State.Ticket}
			results, err = h.door.Advance(h.t.Context(), time.Now(), fallback.Order{ID: r.ID, Event: e})
		}
		if err != nil || !results[0].Moved() {
			h.t.Fatalf("%s of %s: %v", kind, r.State, err)
		}
	}
}

// desk is the lanes' port. It counts how often it is asked.
type desk struct {
	asked  atomic.Int64
	mu     sync.Mutex
	lanes  []api.Lane
	broken error
}

func newDesk() *desk {
	lanes := make([]api.Lane, 0, 3)
	for _, name := range []string{"qlara.whatsapp", "qlara.rcs", "qlara.sms"} {
		lanes = append(lanes, api.Lane{Name: name, State: api.LaneFree, PerSecond: 80})
	}
	return &desk{lanes: lanes}
}

func (d *desk) set(change func(lanes []api.Lane)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change(d.lanes)
}

func (d *desk) Lanes(context.Context) ([]api.Lane, error) {
	d.asked.Add(1)
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]api.Lane(nil), d.lanes...), d.broken
}

func (d *desk) Pause(_ context.Context, l campaign.Lane, by, why string) error {
	d.set(func(lanes []api.Lane) {
		for i := range lanes {
			if lanes[i].Name == l.String() {
				lanes[i].State, lanes[i].By, lanes[i].Reason = api.LanePaused, by, why
			}
		}
	})
	return nil
}

func (d *desk) Resume(_ context.Context, l campaign.Lane, _ string) error {
	d.set(func(lanes []api.Lane) {
		for i := range lanes {
			if lanes[i].Name == l.String() {
				lanes[i].State, lanes[i].By, lanes[i].Reason = api.LaneFree, "", ""
			}
		}
	})
	return nil
}

func (d *desk) GoOn(context.Context, campaign.Lane, string) error { return nil }

// logs is what was logged.
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

// register is the API's way to the campaigns.
type register struct{ *store.Store }

func (r register) Create(ctx context.Context, c campaign.Campaign) (created bool, err error) {
	_, err = r.Find(ctx, c.ID)
	created = errors.Is(err, fallback.ErrNoCampaign)
	_, err = r.Store.Create(ctx, c)
	return created, err
}

func (r register) Status(ctx context.Context, id string) (api.Status, error) {
	st, err := r.Store.Status(ctx, id)
	if err != nil {
		return api.Status{}, err
	}
	return apiStatus(st), nil
}

func (r register) Statuses(ctx context.Context, ids []string) ([]api.Status, error) {
	list, err := r.Store.Statuses(ctx, ids)
	all := make([]api.Status, len(list))
	for i, st := range list {
		all[i] = apiStatus(st)
	}
	return all, err
}

func apiStatus(st *store.Status) api.Status {
	return api.Status{
		Campaign: &st.Campaign.Campaign, Number: st.Campaign.Number, Summary: st.Summary(), Counts: st.Counts,
		Importing: st.Importing, By: st.By, Why: st.Why,
	}
}

func (r register) Import(ctx context.Context, id string, rows api.Rows) (campaign.ImportReport, error) {
	return r.Store.Import(ctx, id, rows, store.Watcher{})
}

func explain(err error) *api.Problem {
	var wrong *store.WrongStateError
	if errors.As(err, &wrong) {
		return api.Conflict(wrong.Error())
	}
	return nil
}
