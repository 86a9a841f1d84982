package main

import (
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/seed-438792ba/cascade/provider/simulator"
)

// spanTaker takes spans, as an OpenTelemetry collector does.
type spanTaker struct {
	mu    sync.Mutex
	spans []*otlp.Span
	raw   strings.Builder // all that was sent
}

func (l *spanTaker) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var sent collector.ExportTraceServiceRequest
	if err == nil {
		err = proto.Unmarshal(body, &sent)
	}
	if err != nil || r.URL.Path != "/v1/traces" {
		http.Error(w, "want spans", http.StatusBadRequest)
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.raw.Write(body)
	for _, resource := range sent.ResourceSpans {
		for _, scope := range resource.ScopeSpans {
			l.spans = append(l.spans, scope.Spans...)
		}
	}
}

// named finds the span of a trace whose name begins so.
func (l *spanTaker) named(t *testing.T, trace, name string) *otlp.Span {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []string
	for _, s := range l.spans {
		if hex.EncodeToString(s.TraceId) == trace && strings.HasPrefix(s.Name, name) {
			return s
		}
		all = append(all, hex.EncodeToString(s.TraceId)+" "+s.Name)
	}
	t.Fatalf("no span %q in trace %s, but\n%s", name, trace, strings.Join(all, "\n"))
	return nil
}

// leadsTo says whether a span has a link to a trace.
func leadsTo(s *otlp.Span, trace []byte) bool {
	for _, l := range s.Links {
		if string(l.TraceId) == string(trace) {
			return true
		}
	}
	return false
}

const traceable = `campaign: traceable
standing: true
route:
  - {channel: whatsapp, account: qlara, wait: 10m, template: {id: 42, placeholders: []}}
  - {channel: sms, account: qlara, text: "Ciao"}
recipients: {region: IT}
`

// One message is one trace, whose id is the message's: from the caller's own trace over the
// request that could not be delivered and the one that was, with their receipts, to the end.
func TestAMessageIsOneTrace(t *testing.T) {
	heard := &spanTaker{}
	server := httptest.NewServer(heard)
	defer server.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", server.URL)
	r := newRig(t, simulator.Scenario{})
	const callers = "4bf92f3577b34da6a3ce929d0e0e4736"
	var id string
	r.serving(func(base string) {
		post := func(path, kind, body string) (answer string) {
			t.Helper()
			request, err := http.NewRequest("POST", base+path, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", kind)
			request.Header.Set("traceparent", "00-"+callers+"-00f067aa0ba902b7-01")
			got, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer got.Body.Close()
			text, err := io.ReadAll(got.Body)
			if err != nil || got.StatusCode >= 300 {
				t.Fatalf("%s: %s %s", path, got.Status, text)
			}
			return string(text)
		}
		post("/v1/campaigns", "application/yaml", traceable)
		post("/v1/campaigns/traceable/start", "application/json", "{}")
		var taken struct{ Messages []struct{ Message string } }
		answer := post("/v1/messages", "application/json", `{"campaign": "traceable", "destination": "+393471000002", "key": "one"}`)
		if err := json.Unmarshal([]byte(answer), &taken); err != nil || len(taken.Messages) != 1 {
			t.Fatalf("%v: %s", err, answer)
		}
		id = taken.Messages[0].Message
		for deadline, tick := time.After(time.Minute), time.Tick(50*time.Millisecond); ; {
			got, err := http.Get(base + "/v1/messages/" + id)
			if err != nil {
				t.Fatal(err)
			}
			text, _ := io.ReadAll(got.Body)
			got.Body.Close()
			if strings.Contains(string(text), `"phase":"delivered"`) {
				return
			}
			select {
			case <-deadline:
				t.Fatalf("after a minute it is not delivered: %s", text)
			case <-tick: // ask again
			}
		}
	}) // and then everything is sent
	trace := strings.ReplaceAll(id, "-", "")
	root := heard.named(t, trace, "message")
	for _, name := range []string{"taken", "send qlara.whatsapp", "receipt qlara.whatsapp", "send qlara.sms", "receipt qlara.sms"} {
		s := heard.named(t, trace, name)
		if string(s.ParentSpanId) != string(root.SpanId) {
			t.Errorf("%s is not below the message", name)
		}
		if s.EndTimeUnixNano < s.StartTimeUnixNano {
			t.Errorf("%s ends before it begins", name)
		}
	}
	call := heard.named(t, callers, "POST /v1/messages")
	caller, _ := hex.DecodeString(callers)
	if taken := heard.named(t, trace, "taken"); !leadsTo(taken, caller) || !leadsTo(call, root.TraceId) {
		t.Error("the call and the message do not lead to each other")
	}
	heard.mu.Lock()
	defer heard.mu.Unlock()
	for _, wrong := range []string{"471000002", rigSecret, "Ciao"} {
		if strings.Contains(heard.raw.String(), wrong) {
			t.Errorf("the spans tell %q", wrong)
		}
	}
}

// An import is told in its campaign's trace, to which each of its messages leads.
func TestAnImportLeadsToItsMessages(t *testing.T) {
	heard := &spanTaker{}
	server := httptest.NewServer(heard)
	defer server.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", server.URL)
	r := newRig(t, simulator.Scenario{})
	r.run(r.file("two.yaml", twoLegs), r.file("people.csv", "telefono\n+393471001000\n+393471001001\n"), 0)
	heard.mu.Lock()
	defer heard.mu.Unlock()
	var imports, leading int
	var ofCampaign []byte
	for _, s := range heard.spans {
		if s.Name == "imported" {
			ofCampaign = s.TraceId
			imports++
		}
	}
	for _, s := range heard.spans {
		if s.Name == "message" && leadsTo(s, ofCampaign) {
			leading++
		}
	}
	if imports != 1 || leading != 2 {
		t.Errorf("%d imports, and %d messages that lead to them; want 1 and 2", imports, leading)
	}
}
