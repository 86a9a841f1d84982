package api_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

func TestExport(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(5)
	attempt := h.waitOn(h.message(0), 1)
	h.want("read", h.callback(shape(t, "rcs-read-callback.json", "messageId", attempt.String())), 200)
	h.want("late news", h.callback(shape(t, "whatsapp-delivery-callback.json", "messageId", h.message(0).Attempt(0, 0).String())), 200)

	lines := h.lines("/v1/campaigns/spring/export?format=ndjson", admin)
	if len(lines) != 5 {
		t.Fatalf("%d lines, want 5", len(lines))
	}
	at := slices.IndexFunc(lines, func(l map[string]any) bool { return l["message"] == h.message(0).String() })
	line := lines[at]
	wantKeys := []string{"attempts", "campaign", "channel", "closed_at", "destination", "late", "meaning", "message", "overlap", "phase", "read", "reason", "what_to_do"}
	if got := slices.Sorted(maps.Keys(line)); !slices.Equal(got, wantKeys) {
		t.Errorf("a line has the keys %q, want %q", got, wantKeys)
	}
	for key, want := range map[string]any{
		"campaign": "spring", "destination": person(0).E164(), "phase": "delivered", "channel": "rcs", "reason": "", "overlap": true, "read": true, "late": false,
	} {
		if line[key] != want {
			t.Errorf("%s is %v, want %v", key, line[key], want)
		}
	}
	attempts := line["attempts"].([]any)
	first, second := attempts[0].(map[string]any), attempts[1].(map[string]any)
	if first["outcome"] != "delivered" || second["outcome"] != "read" || second["id"] != attempt.String() || second["account"] != "qlara" || second["at"] == nil {
		t.Errorf("the attempts are %v", attempts)
	}
	for _, token := range []string{viewer, operator} {
		for _, l := range h.lines("/v1/campaigns/spring/export", token) {
			if !strings.Contains(l["destination"].(string), "*") {
				t.Errorf("with %s a destination is %v, want it masked", token, l["destination"])
			}
		}
	}
	rows, err := csv.NewReader(strings.NewReader(h.want("as CSV", h.get("/v1/campaigns/spring/export?format=csv", admin), 200).body)).ReadAll()
	if err != nil || len(rows) != 6 || len(rows[0]) != len(wantKeys) {
		t.Fatalf("the CSV has %d rows, %v, want 6", len(rows), err)
	}
	if i := slices.IndexFunc(rows, func(r []string) bool { return r[1] == h.message(0).String() }); rows[i][2] != person(0).E164() || rows[i][3] != "delivered" {
		t.Errorf("the row is %q", rows[i])
	}
}

func (h *house) lines(path, token string) (all []map[string]any) {
	h.t.Helper()
	d := json.NewDecoder(strings.NewReader(h.want(path, h.get(path, token), 200).body))
	for {
		var l map[string]any
		if err := d.Decode(&l); err == io.EOF {
			return all
		} else if err != nil {
			h.t.Fatal(err)
		}
		all = append(all, l)
	}
}

func TestFormulasAreHarmless(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.want("create", h.do("POST", "/v1/campaigns", operator, "application/yaml", strings.Replace(spring, "spring", `"=SUM(A1)"`, 1)), 201)
	h.want("import", h.do("POST", "/v1/campaigns/=SUM(A1)/recipients", operator, "text/csv", people(1)), 200)
	rows, err := csv.NewReader(strings.NewReader(h.get("/v1/campaigns/=SUM(A1)/export?format=csv", admin).body)).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][0] != "'=SUM(A1)" {
		t.Errorf("the export is %q, %v, want the formula behind an apostrophe", rows, err)
	}
}

// fragile gives each record twice, and fails when it has given some.
type fragile struct {
	register
	after int // records; -1: never
}

func (f fragile) Each(ctx context.Context, n campaign.Number, put func(*fallback.Record) error) error {
	given := 0
	return f.register.Each(ctx, n, func(r *fallback.Record) error {
		if given == f.after {
			return errors.New("Redis went away")
		}
		given++
		return errors.Join(put(r), put(r))
	})
}

func TestAnExportTellsEachMessageOnce(t *testing.T) {
	t.Parallel()
	h := open(t, func(o *api.Options) { o.Campaigns = fragile{o.Campaigns.(register), -1} })
	h.running(5)
	if got := len(h.lines("/v1/campaigns/spring/export", viewer)); got != 5 {
		t.Errorf("%d lines, want 5", got)
	}
}

func TestAnExportThatFailsDoesNotPassForWhole(t *testing.T) {
	t.Parallel()
	const many = 2000 // more than is held back before the answer begins
	for _, after := range []int{0, many - 1} {
		h := open(t, func(o *api.Options) { o.Campaigns = fragile{o.Campaigns.(register), after} })
		h.running(many)
		r, _ := http.NewRequest("GET", h.url+"/v1/campaigns/spring/export", nil)
		r.Header.Set("Authorization", "Bearer "+viewer)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if resp.StatusCode == http.StatusOK && err == nil {
			t.Errorf("failed after %d records, and passed for whole", after)
		}
		if !strings.Contains(h.log.String(), "Redis went away") {
			t.Errorf("the log does not say why:\n%s", h.log)
		}
	}
}

// patient is a connection that is told how long it may take.
type patient struct {
	*httptest.ResponseRecorder
	read, write bool // lifted, or put off
}

func (p *patient) SetReadDeadline(t time.Time) error {
	p.read = t.IsZero() || time.Until(t) > 30*time.Second
	return nil
}
func (p *patient) SetWriteDeadline(t time.Time) error {
	p.write = t.IsZero() || time.Until(t) > 30*time.Second
	return nil
}

func TestUploadsAndExportsTakeTheirTime(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(1)
	for path, method := range map[string]string{"/v1/campaigns/spring/recipients": "POST", "/v1/campaigns/spring/export": "GET"} {
		r := httptest.NewRequest(method, path, strings.NewReader(people(1)))
		r.Header.Set("Authorization", "Bearer "+operator)
		r.Header.Set("Content-Type", "text/csv")
		w := &patient{ResponseRecorder: httptest.NewRecorder()}
		h.api.Handler().ServeHTTP(w, r)
		if w.Code != 200 || !w.read || !w.write {
			t.Errorf("%s: status %d, reading untimed %v, writing untimed %v", path, w.Code, w.read, w.write)
		}
	}
}
