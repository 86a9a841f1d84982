package api_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
)

// gib is the size of a flood, in bytes.
const gib = 1 << 30

// grows gives how many bytes the heap grew at most while do ran. Tests of floods are not
// parallel, so that nobody else's memory is counted.
func grows(do func()) int64 {
	heap := func() int64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapInuse)
	}
	runtime.GC()
	before, most := heap(), int64(0)
	done := make(chan struct{})
	go func() { defer close(done); do() }()
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			most = max(most, heap())
		case <-done:
			return max(most, heap()) - before
		}
	}
}

// flood is a head and then lines, so many bytes in all.
func flood(head, line string, size int64) io.Reader {
	return io.LimitReader(io.MultiReader(strings.NewReader(head), &repeated{line: line}), size)
}

// repeated is a line again and again.
type repeated struct {
	line string
	at   int
}

func (r *repeated) Read(p []byte) (n int, err error) {
	for n < len(p) {
		k := copy(p[n:], r.line[r.at:])
		n, r.at = n+k, (r.at+k)%len(r.line)
	}
	return n, nil
}

// TestAGibibyteTakesLittleMemory sends bodies of 1 GiB: what may be so large
// is read as it comes, what may not is refused as soon as that is seen.
func TestAGibibyteTakesLittleMemory(t *testing.T) {
	h := open(t)
	h.running(1)
	blank := strings.Repeat(" ", 4<<10) + "\n"
	upload := "/v1/campaigns/spring/recipients"
	for _, test := range []struct {
		path, form, head, line string
		size                   int64
		want                   int
	}{
		{upload, "text/csv", people(1), blank, gib, 200},
		{upload, "text/csv", people(1), blank, gib + 1, 413},
		{upload, "application/x-ndjson", fmt.Sprintf("{\"telefono\": %q, \"nome\": \"Ada\"}\n", person(0).E164()), blank, gib, 200},
		{upload, "application/x-ndjson", "", "x", gib, 422},
		{"/v1/suppressions", "text/csv", "destination\n", blank, gib, 200},
		{"/v1/suppressions", "application/json", "", " ", gib, 413},
		{"/v1/campaigns", "application/yaml", "", "#\n", gib, 413},
		{"/v1/campaigns", "application/json", "", "[", gib, 413},
		{"/v1/messages", "application/json", `{"messages": [`, `{},`, gib, 413},
		{"/v1/campaigns/spring/retry", "application/json", "", " ", gib, 413},
		{callbacks, "application/json", "[", "{},", gib, 413},
	} {
		var got answer
		ask := h.stream
		if test.want >= 400 { // else it is chance whether a client that still writes sees the answer
			ask = h.direct
		}
		grew := grows(func() { got = ask(test.path, test.form, flood(test.head, test.line, test.size)) })
		const most = 64 << 20
		if got.status != test.want || grew > most {
			t.Errorf("%d bytes of %q to %s as %s: %d, want %d, and %d MiB of memory\n%.300s", test.size, test.line[:1], test.path, test.form, got.status, test.want, grew>>20, got.body)
		}
		var p api.Problem
		if test.want >= 400 {
			if got.into(t, &p); !strings.HasPrefix(p.Type, "urn:cascade:problem:") {
				t.Errorf("%s: %.300s", test.path, got.body)
			}
		}
	}
}

// stream makes a call over a socket, with a body that comes as it is made.
func (h *house) stream(path, form string, body io.Reader) answer {
	h.t.Helper()
	r, err := http.NewRequest("POST", h.url+path, body)
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+operator)
	r.Header.Set("Content-Type", form)
	return h.send(r)
}

// direct makes the same call without a socket.
func (h *house) direct(path, form string, body io.Reader) answer {
	r := httptest.NewRequest("POST", path, body)
	r.Header.Set("Authorization", "Bearer "+operator)
	r.Header.Set("Content-Type", form)
	w := httptest.NewRecorder()
	h.api.Handler().ServeHTTP(w, r)
	return answer{w.Code, w.Header(), w.Body.String()}
}

// TestNestedBodiesOfEveryOrder sends ten thousand levels to whatever takes JSON.
func TestNestedBodiesOfEveryOrder(t *testing.T) {
	h := open(t)
	h.running(1)
	fill := strings.NewReplacer("{account}", "qlara", "{secret}", secret, "{id}", "spring", "{lane}", "qlara.sms", "{name}", "shop")
	const deep = 10_000
	for what, body := range map[string]string{
		"lists":       strings.Repeat("[", deep) + strings.Repeat("]", deep),
		"objects":     strings.Repeat(`{"reason":`, deep) + "1" + strings.Repeat("}", deep),
		"open lists":  strings.Repeat("[", 2*deep),
		"below a key": `{"messages": [{"variables": ` + strings.Repeat(`{"a":[`, deep/2) + strings.Repeat("]}", deep/2) + "}]}",
	} {
		for _, route := range api.Routes() {
			if route.Method == "GET" || strings.HasPrefix(route.Path, "/callbacks/") && !strings.Contains(route.Path, "{secret}") {
				continue
			}
			var got answer
			began := time.Now()
			grew := grows(func() { got = h.do(route.Method, fill.Replace(route.Path), admin, "application/json", body) })
			took := time.Since(began)
			refused := got.status >= 400 && got.status < 500 || strings.HasPrefix(route.Path, "/callbacks/") && got.status == 200
			if !refused || took > 5*time.Second || grew > 64<<20 || len(got.body) > 64<<10 {
				t.Errorf("%s to %s %s: %d after %s with %d MiB of memory and %d bytes of an answer", what, route.Method, route.Path, got.status, took, grew>>20, len(got.body))
			}
		}
	}
}

// TestSlowCallersHoldLittle opens many calls whose bodies never come, as a slowloris does:
// others are served meanwhile, and the memory of each is small.
func TestSlowCallersHoldLittle(t *testing.T) {
	const callers = 500
	h := open(t)
	h.running(1)
	var open []net.Conn
	defer func() {
		for _, conn := range open {
			_ = conn.Close()
		}
	}()
	grew := grows(func() {
		for i := range callers {
			conn, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
			if err != nil {
				t.Error(err)
				return
			}
			open = append(open, conn)
			target := []string{"/v1/messages", "/v1/campaigns/spring/recipients", "/v1/campaigns", callbacks}[i%4]
			form := []string{"application/json", "text/csv", "application/yaml", "application/json"}[i%4]
			fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n{", target, operator, form, gib)
			if i%5 == 0 {
				fmt.Fprintf(conn, "%s", bytes.Repeat([]byte(" "), 1000))
			}
		}
		began := time.Now()
		h.want("another call meanwhile", h.get("/v1/campaigns/spring", viewer), 200)
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("another call took %s", took)
		}
	})
	if each := grew / callers; each > 256<<10 {
		t.Errorf("%d slow callers hold %d KiB each", callers, each>>10)
	}
}

// TestFormulasDoNotLeave sends what a spreadsheet would run through every text that comes
// back in a CSV: the id of a campaign, the columns of a rejected row, and a reason.
func TestFormulasDoNotLeave(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.want("create", h.do("POST", "/v1/campaigns", operator, "application/yaml", spring), 201)
	var file strings.Builder
	file.WriteString("telefono;nome\n" + person(0).E164() + ";Ada\n")
	const rows = 500
	for i := range rows {
		fmt.Fprintf(&file, "%s;Ada\n%s1234;%q\n", person(i+1).E164(), []string{"=", "+", "-", "@", "\t=", " =", "＝"}[i%7], "=cmd|'/c calc'!A"+fmt.Sprint(i))
	}
	var report campaign.ImportReport
	h.want("import", h.do("POST", "/v1/campaigns/spring/recipients", operator, "text/csv", file.String()), 200).into(t, &report)
	if report.Rejected != rows {
		t.Fatalf("%+v", report)
	}
	for _, line := range csvOf(t, h.get("/v1/campaigns/spring/rejects", operator).body)[1:] {
		for i, cell := range line {
			bare := strings.TrimLeft(cell, " \t\r\n")
			number := i == 0 && strings.Trim(bare, "+-0123456789") == ""
			if cell != "" && !number && strings.ContainsAny(bare[:1], "=+-@\t") || strings.HasPrefix(bare, "＝") {
				t.Errorf("a cell leaves as %q", cell)
			}
		}
		if !strings.HasPrefix(campaign.Bare(line[1]), "=cmd|'/c calc'!A") {
			t.Errorf("the text became %q", line[1])
		}
	}
}

func csvOf(t *testing.T, text string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
