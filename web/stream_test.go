package web_test

import (
	"bufio"
	"errors"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/api"
)

// watch opens a page's stream, and gives its events one after the other.
func (b *browser) watch(path string) (next func() (kind, data string), leave func()) {
	b.t.Helper()
	resp, err := b.http.Get(b.url + path)
	if err != nil {
		b.t.Fatal(err)
	}
	lines := bufio.NewScanner(resp.Body)
	return func() (kind, data string) {
		for lines.Scan() {
			switch field, value, _ := strings.Cut(lines.Text(), ":"); {
			case field == "event":
				kind = strings.TrimSpace(value)
			case field == "data":
				data += strings.TrimPrefix(value, " ") + "\n"
			case lines.Text() == "" && kind != "":
				return kind, data
			}
		}
		return "", ""
	}, func() { resp.Body.Close() }
}

// TestFiftyViewersAreOneReader counts what is asked of the lanes while fifty watch.
func TestFiftyViewersAreOneReader(t *testing.T) {
	t.Parallel()
	h := open(t)
	b := h.as(viewer)
	h.desk.asked.Store(0)
	const viewers, seconds = 50, 3
	nexts := make([]func() (string, string), viewers)
	for i := range nexts {
		next, leave := b.watch("/stream/")
		t.Cleanup(leave)
		nexts[i] = next
	}
	began := time.Now()
	for range seconds {
		for _, next := range nexts {
			if kind, data := next(); kind != "snapshot" || !strings.Contains(data, "qlara.whatsapp") {
				t.Fatalf("got the event %q:\n%s", kind, data)
			}
		}
	}
	most := 2 * int64(2+time.Since(began).Seconds()) // by the strip and by the list, once a second
	if asked := h.desk.asked.Load(); asked > most {
		t.Errorf("for %d viewers the lanes were read %d times in %v, want at most %d", viewers, asked, time.Since(began), most)
	}
}

func TestAStreamTellsWhatIsNew(t *testing.T) {
	t.Parallel()
	h := open(t)
	next, leave := h.as(viewer).watch("/stream/")
	defer leave()
	next()
	h.desk.set(func(lanes []api.Lane) {
		at := time.Now()
		lanes[0].State, lanes[0].Reason, lanes[0].Since = api.LaneHeld, "breaker", &at
	})
	until(t, next, "The breaker of qlara.whatsapp is open")
	h.desk.mu.Lock()
	h.desk.broken = errors.New("away")
	h.desk.mu.Unlock()
	until(t, next, "Redis does not answer")
}

func TestAPageComesBackWithRedis(t *testing.T) {
	t.Parallel()
	h := open(t)
	b := h.as(viewer)
	next, leave := b.watch("/stream/")
	defer leave()
	next()
	h.redis.SetError("LOADING away")
	until(t, next, "This page cannot be read")
	away := b.get("/")
	if away.status != http.StatusServiceUnavailable || away.header.Get("Refresh") == "" || !strings.Contains(away.body, "Redis does not answer") {
		t.Errorf("without Redis: %d, %v\n%s", away.status, away.header, away.body)
	}
	if again := b.get("/stream/"); again.status != http.StatusServiceUnavailable {
		t.Errorf("a stream without Redis: %d, want one that the script asks for again", again.status)
	}
	h.redis.SetError("")
	until(t, next, "Campaigns that are not finished")
	b.page("/") // still logged in
}

// until reads events until one holds a text.
func until(t *testing.T, next func() (string, string), want string) {
	t.Helper()
	for range 10 {
		if _, data := next(); strings.Contains(data, want) {
			return
		}
	}
	t.Errorf("ten events, and none said %q", want)
}

func TestAStreamOutlivesTheServersTimeouts(t *testing.T) {
	t.Parallel()
	h := open(t, func(s *settings) { s.timeout = 500 * time.Millisecond })
	next, leave := h.as(viewer).watch("/stream/")
	defer leave()
	for i := range 3 {
		if kind, _ := next(); kind != "snapshot" {
			t.Fatalf("event %d is %q", i, kind)
		}
	}
}

func TestAnEscapedNameLeadsToItsPageAndStream(t *testing.T) {
	t.Parallel()
	h := open(t)
	const id = "orders/one & two?"
	file := "campaign: \"" + id + "\"\nstanding: true\nroute:\n  - {channel: sms, account: qlara, text: Ciao}\nrecipients: {region: IT}\n"
	if _, err := h.client(operator).CreateCampaignFile(t.Context(), []byte(file)); err != nil {
		t.Fatal(err)
	}
	b := h.as(viewer)
	address := regexp.MustCompile(`href="(/campaigns/orders[^"]*)"`).FindStringSubmatch(b.page("/campaigns"))
	if address == nil {
		t.Fatal("the list does not lead to it")
	}
	stream := regexp.MustCompile(`data-stream="([^"]*)"`).FindStringSubmatch(b.page(html.UnescapeString(address[1])))
	next, leave := b.watch(html.UnescapeString(stream[1]))
	defer leave()
	if kind, data := next(); kind != "snapshot" || !strings.Contains(data, "waiting for messages") && !strings.Contains(data, "not started") {
		t.Errorf("%s: the event %q\n%s", stream[1], kind, data)
	}
}

func TestAStreamWithoutALoginEnds(t *testing.T) {
	t.Parallel()
	h := open(t)
	next, leave := h.browser().watch("/stream/")
	defer leave()
	if kind, _ := next(); kind != "gone" {
		t.Errorf("got the event %q, want gone", kind)
	}
	if kind, _ := next(); kind != "" {
		t.Errorf("and then %q", kind)
	}
}

func TestThereIsNoStreamBelowOne(t *testing.T) {
	t.Parallel()
	h := open(t)
	if got := h.as(viewer).get("/stream/nothing/of/the/kind"); got.status != http.StatusNotFound {
		t.Errorf("got %d, want 404", got.status)
	}
}

func TestAssetsAreKeptForEver(t *testing.T) {
	t.Parallel()
	h := open(t)
	b := h.browser()
	_, after, _ := strings.Cut(b.page("/login"), `src="/assets/uPlot`)
	name, _, _ := strings.Cut(after, `"`)
	got := b.get("/assets/uPlot" + name)
	if got.status != http.StatusOK || !strings.Contains(got.header.Get("Cache-Control"), "immutable") || !strings.HasPrefix(got.header.Get("Content-Type"), "text/javascript") {
		t.Errorf("%s: %d, %v", name, got.status, got.header)
	}
	if got := b.get("/assets/dashboard.css"); got.status != http.StatusNotFound {
		t.Errorf("without its hash: %d", got.status)
	}
}
