package metrics

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/store"
	"github.com/seed-438792ba/cascade/store/redistest"
)

var (
	whatsapp = campaign.Lane{Account: "a", Channel: campaign.WhatsApp}
	sms      = campaign.Lane{Account: "a", Channel: campaign.SMS}
)

// house is a ledger in a miniredis whose moves are counted, with a campaign of two legs.
type house struct {
	t       *testing.T
	store   *store.Store
	client  redis.UniversalClient
	door    *fallback.Door
	metrics *Metrics
	now     time.Time
}

// Enqueue is fallback.Queue: nobody sends here.
func (h *house) Enqueue(context.Context, []fallback.Job) error { return nil }

func open(t *testing.T, people int) *house {
	t.Helper()
	ctx := t.Context()
	_, client := redistest.Mini(t)
	st, err := store.New(ctx, store.Options{Client: client})
	must(t, err)
	c, err := campaign.ParseFile("test.yaml", []byte(`
campaign: spring
route:
  - {channel: whatsapp, account: a, wait: 30m, template: {id: 1}}
  - {channel: sms, account: a, wait: 1h, text: "Ciao"}
`), nil)
	must(t, err)
	_, err = st.Create(ctx, c)
	must(t, err)
	_, err = st.Import(ctx, "spring", &crowd{left: people}, store.Watcher{})
	must(t, err)
	must(t, st.Start(ctx, "spring", "test"))
	h := &house{t: t, store: st, client: client, metrics: New(Options{Lanes: []campaign.Lane{whatsapp, sms}}), now: time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)}
	h.door = &fallback.Door{Ledger: h.metrics.Ledger(st, st), Book: st, Queue: h}
	return h
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// crowd is a file of so many people.
type crowd struct{ left, line int }

func (c *crowd) Names() []string  { return nil }
func (c *crowd) Blank() int       { return 0 }
func (c *crowd) Header() []string { return nil }

func number(i int) campaign.Destination {
	return campaign.Destination(fmt.Sprintf("+39340%07d", i))
}

func (c *crowd) Next() (campaign.Recipient, *campaign.Reject, error) {
	if c.left == 0 {
		return campaign.Recipient{}, nil, io.EOF
	}
	c.left--
	c.line++
	return campaign.Recipient{Row: campaign.Row{Line: uint32(c.line + 1), Digest: uint32(c.line)}, To: number(c.line)}, nil, nil
}

func (h *house) record(i int) fallback.Record {
	h.t.Helper()
	key := h.store.IDKey()
	records, err := h.store.Load(h.t.Context(), []campaign.MessageID{key.Message("spring", number(i), "")})
	must(h.t, err)
	return records[0]
}

// tell tells the i-th person's message, counted from 1, events of its present attempt, a
// second after each other.
func (h *house) tell(i int, events ...fallback.Event) {
	h.t.Helper()
	for _, e := range events {
		r := h.record(i)
		if e.Attempt == (campaign.AttemptID{}) {
			e.Attempt = r.Attempt()
		}
		e.Mark = r.State.Ticket
		h.now = h.now.Add(time.Second)
		results, err := h.door.Advance(h.t.Context(), h.now, fallback.Order{ID: r.ID, Event: e})
		must(h.t, err)
		must(h.t, results[0].Err)
	}
}

// shown is what a scrape shows, without comments and what Go itself counts.
func (m *Metrics) shown(t testing.TB) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	var b bytes.Buffer
	for line := range strings.Lines(w.Body.String()) {
		if !regexp.MustCompile(`^(#|go_|process_)`).MatchString(line) {
			b.WriteString(line)
		}
	}
	return b.String()
}

// shows asks that lines stand in what a scrape shows.
func (m *Metrics) shows(t *testing.T, lines ...string) {
	t.Helper()
	shown := m.shown(t)
	for _, line := range lines {
		if !strings.Contains("\n"+shown, "\n"+line+"\n") {
			t.Errorf("%s is not among\n%s", line, shown)
		}
	}
}
