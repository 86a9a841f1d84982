package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/client"
	"github.com/seed-438792ba/cascade/provider/simulator"
	"github.com/seed-438792ba/cascade/webhook"
)

const outsideSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// outside is a receiver as its owner would write it: it verifies what comes, and drops what
// came before.
type outside struct {
	*httptest.Server
	t      *testing.T
	mu     sync.Mutex
	events map[string]client.Event // by id
	bodies []string
	status int // what it answers; 0: 200
	calls  int
}

func newOutside(t *testing.T) *outside {
	t.Helper()
	o := &outside{t: t, events: map[string]client.Event{}}
	v, err := client.NewVerifier(outsideSecret)
	if err != nil {
		t.Fatal(err)
	}
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e, err := v.Read(r)
		if err != nil {
			t.Errorf("a webhook cannot be read: %v", err)
		}
		o.mu.Lock()
		defer o.mu.Unlock()
		if o.calls++; o.status != 0 {
			w.WriteHeader(o.status)
			return
		}
		o.events[e.ID] = e
		o.bodies = append(o.bodies, string(e.Data))
	}))
	t.Cleanup(o.Close)
	return o
}

func (o *outside) answer(status int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.status = status
}

// came is how many events of each type came.
func (o *outside) came() map[string]int {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := map[string]int{}
	for _, e := range o.events {
		n[e.Type]++
	}
	return n
}

// until waits for a condition.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	end := time.After(60 * time.Second)
	for !ok() {
		select {
		case <-end:
			t.Fatalf("waited in vain for %s", what)
		case <-time.After(20 * time.Millisecond): // look again
		}
	}
}

// tells has the rig's accounts tell a receiver, and lets providers' callbacks come without
// credentials of their own.
func (r *rig) tells(o *outside) {
	r.t.Helper()
	text, err := os.ReadFile(r.config)
	if err != nil {
		r.t.Fatal(err)
	}
	changed := regexp.MustCompile(`(?m)^    callback_(user|password|hmac_header|hmac_key|header|header_value): .*\n`).ReplaceAllString(string(text), "")
	changed = regexp.MustCompile(`(?m)^    provider: .*$`).ReplaceAllString(changed, "$0\n    webhook: {to: crm, number: true}")
	r.config = r.file("cascade.yaml", changed+fmt.Sprintf(`webhooks:
  crm: {url: "%s/hooks", secret: %s, allow_http: true, allow_networks: [127.0.0.0/8]}
`, o.URL, outsideSecret))
}

// do makes a call of a server's API.
func (r *rig) do(method, url, contentType, body string) {
	r.t.Helper()
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	request.Header.Set("Content-Type", contentType)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		r.t.Fatalf("%s %s: %s", method, url, answer.Status)
	}
}

func (r *rig) get(url string) string {
	r.t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		r.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return string(text)
}

// replies are what people write, in each provider's own form, with the number that it names.
var replies = map[string]struct{ method, query, contentType, body, from, text string }{
	"qlara": {"POST", "", "application/json", `{"channel":"WHATSAPP","eventType":"INBOUND","messageId":"wamid.1","source":"+393471488489","destination":"+393209998877",
		"receivedDate":"2025-10-31T10:59:05.099Z","messageType":"TEXT","text":"Quando arriva?"}`, "+393471488489", "Quando arriva?"},
	"infobip": {"POST", "", "application/json", `{"results":[{"from":"385919998888","to":"41793026731","integrationType":"WHATSAPP","receivedAt":"2025-01-01T10:10:00.000+0000",
		"messageId":"wamid.2","message":{"text":"Hello, World!","type":"TEXT"}}],"messageCount":1}`, "+385919998888", "Hello, World!"},
	"kaleyra": {"GET", "?created_at=1603914166&type=text&from=14133881111&name=John&body=Hello+World", "", "", "+14133881111", "Hello World"},
	"wab": {"POST", "", "application/json", `{"id":"c1fc05e6-863e-43bf-86dc-000000000000","source":"+64211234567","destination":"6421000000","direction":"MO",
		"content":"{\"from\":\"+64211234567\",\"id\":\"wamid.3\",\"text\":{\"body\":\"Where is it?\"},\"timestamp\":\"1767739600\",\"type\":\"text\"}"}`, "+64211234567", "Where is it?"},
}

// TestWhoIsOutsideIsTold has the server tell a receiver, over sockets, what becomes of a
// campaign over each provider's own wire, what its people write, and what others do.
func TestWhoIsOutsideIsTold(t *testing.T) {
	t.Parallel()
	want := map[string]string{"0003": "delivered", "0012": "delivered", "0013": "failed", "0014": "delivered", "5555": "delivered"}
	for _, p := range simulator.Providers() {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			r, o := newRig(t, simulator.Scenario{}), newOutside(t)
			r.tells(o)
			content := `template: {name: spring_sale, language: it, parameters: ["{nome}"]}`
			if p.Name == "qlara" {
				content = "template: {id: 42, placeholders: [nome]}"
			}
			r.told(p.Name, content, o, want)
		})
	}
}

func (r *rig) told(provider, content string, o *outside, want map[string]string) {
	t := r.t
	people := "nome,telefono\n"
	for tail := range want {
		people += "Ada,+39340123" + tail + "\n"
	}
	r.serving(func(base string) {
		r.do("POST", base+"/v1/campaigns", "application/yaml", fmt.Sprintf(`campaign: every
webhook: {to: crm}
route:
  - {channel: whatsapp, account: %[1]s, wait: 20s, %[2]s}
  - {channel: sms, account: %[1]s, wait: 20s, text: "Ciao {nome}"}
recipients: {columns: {destination: telefono}}
`, provider, content))
		r.do("POST", base+"/v1/campaigns/every/recipients", "text/csv", people)
		r.do("POST", base+"/v1/campaigns/every/start", "application/json", "")
		until(t, "what becomes of every message", func() bool {
			n := o.came()
			return n[client.MessageClosed] == len(want) && n[client.MessageEscalated] == 2 && n[client.MessageInbound] == 1
		})
		stories := r.export(base, "every")
		for number, line := range stories { // masked or whole, it ends with the last two digits
			found := 0
			for id, e := range o.events {
				if m, err := e.Message(); err == nil && e.Type == client.MessageClosed && m.Message.String() == line.Message {
					found++
					if m.Phase != line.Phase || m.Destination != "" || m.Campaign != "every" || len(m.Attempts) != len(line.Attempts) || !strings.HasPrefix(id, "closed_") || m.Row == 0 {
						t.Errorf("%s was told as %+v, the export says %+v", number, m, line)
					}
				}
			}
			if found != 1 {
				t.Errorf("%s was told %d times", number, found)
			}
		}
		for _, e := range o.events {
			switch m, _ := e.Message(); e.Type {
			case client.MessageEscalated:
				if m.Left == nil || m.Next == nil || m.Left.Channel.String() != "whatsapp" || m.Next.Channel.String() != "sms" || m.Left.Account != provider || m.Phase != "scheduled" {
					t.Errorf("an escalation was told as %s", e.Data)
				}
			case client.MessageInbound:
				w, err := e.Inbound()
				if err != nil || !w.Stop || w.Text != "STOP" || w.From != "" || w.Campaign != "every" || w.Message == nil || w.Account != provider {
					t.Errorf("a STOP was told as %s", e.Data)
				}
			}
		}
		reply := replies[provider]
		for range 2 { // the provider reports it twice
			r.do(reply.method, base+"/callbacks/"+provider+"/"+rigSecret+reply.query, reply.contentType, reply.body)
		}
		until(t, "the reply", func() bool { return o.came()[client.MessageInbound] == 2 })
		for _, e := range o.events {
			if w, err := e.Inbound(); e.Type == client.MessageInbound && !w.Stop && (err != nil || w.From != reply.from || w.Text != reply.text || w.Message != nil) {
				t.Errorf("a reply was told as %s", e.Data)
			}
		}
		for _, body := range o.bodies {
			if strings.Contains(body, "39340123") {
				t.Errorf("a number was told that nobody asked for: %s", body)
			}
		}
	})
}

// TestAReceiverThatIsAwayIsToldLater has a receiver that says 503, then 410, and then comes
// back: what it missed waits, is seen, and is sent when an operator says so, but what is about
// somebody who was erased meanwhile.
func TestAReceiverThatIsAwayIsToldLater(t *testing.T) {
	t.Parallel()
	r, o := newRig(t, simulator.Scenario{}), newOutside(t)
	r.tells(o)
	o.answer(http.StatusServiceUnavailable)
	r.serving(func(base string) {
		call, err := client.New(client.Options{Server: base})
		if err != nil {
			t.Fatal(err)
		}
		stand := func() client.Webhook {
			list, err := call.Webhooks(t.Context())
			if err != nil || len(list) != 1 {
				t.Fatalf("the receivers: %+v, %v", list, err)
			}
			return list[0]
		}
		r.do("POST", base+"/v1/campaigns", "application/yaml", "campaign: news\nstanding: true\nroute: [{channel: sms, account: qlara, text: Ciao}]")
		r.do("POST", base+"/v1/campaigns/news/start", "application/json", "")
		r.do("POST", base+"/v1/messages", "application/json", `{"campaign":"news","destination":"+393401235555","key":"order-17"}`)
		until(t, "the receiver to be seen failing", func() bool { return stand().State == "failing" })
		if s := stand(); s.Waiting != 1 || s.Error != "it answered 503" || s.Since == nil || s.Host != strings.TrimPrefix(o.URL, "http://") {
			t.Errorf("it stands as %+v", s)
		}
		r.do("POST", base+"/v1/messages", "application/json", `{"campaign":"news","destination":"+393401235556","key":"order-18"}`)
		until(t, "another close that waits", func() bool { return stand().Waiting == 2 })
		r.do("POST", base+"/v1/people/erase", "application/json", `{"destination":"+393401235556","reason":"asked for it"}`)
		if page := r.get(base + "/metrics"); !strings.Contains(page, `cascade_webhook_failing_seconds{receiver="crm"} `) || strings.Contains(page, `cascade_webhook_failing_seconds{receiver="crm"} 0
`) {
			t.Errorf("the metrics do not show that the receiver fails:\n%s", page)
		}
		o.answer(http.StatusGone)
		if _, err := call.Redeliver(t.Context(), "crm", client.RedeliverOrder{Reason: "it is mended"}); err != nil {
			t.Fatal(err)
		}
		until(t, "the receiver to be gone", func() bool { return stand().State == "gone" })
		o.answer(0)
		got, err := call.Redeliver(t.Context(), "crm", client.RedeliverOrder{})
		if err != nil || got.Waiting < 1 {
			t.Fatalf("redelivered %+v, %v", got, err)
		}
		until(t, "what it missed", func() bool { return stand().Delivered == 1 && stand().Dropped == 1 })
		for _, e := range o.events {
			if m, err := e.Message(); err != nil || m.Key != "order-17" || m.Destination != "+393401235555" || m.Phase != "delivered" {
				t.Errorf("told as %s", e.Data)
			}
		}
		report, err := call.Campaign(t.Context(), "news")
		if want := (client.WebhookCounts{Delivered: 1, Dropped: 1}); err != nil || report.Webhook == nil || report.Webhook.To != "crm" || report.Webhook.WebhookCounts != want {
			t.Errorf("the campaign shows %+v (%v)", report.Webhook, err)
		}
		before := o.calls
		if got, err := call.Redeliver(t.Context(), "crm", client.RedeliverOrder{Campaign: "news"}); err != nil || got.Waiting != 1 {
			t.Fatalf("told again %+v, %v", got, err)
		}
		until(t, "what it was told before", func() bool { return stand().Delivered == 2 })
		if o.calls != before+1 || len(o.events) != 1 {
			t.Errorf("%d calls with %d ids, want one more call with the same id", o.calls-before, len(o.events))
		}
		for _, of := range []struct{ name, campaign string }{{"nobody", ""}, {"crm", "nothing"}} {
			if _, err := call.Redeliver(t.Context(), of.name, client.RedeliverOrder{Campaign: of.campaign}); err == nil {
				t.Errorf("redelivered to %+v", of)
			}
		}
	})
}

// TestTheReceiverInPython posts to the receiver of the documentation as the post does.
func TestTheReceiverInPython(t *testing.T) {
	t.Parallel()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3")
	}
	_, port, err := net.SplitHostPort(freeAddress(t))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), python, "../../docs/receive.py", port)
	cmd.Env = append(os.Environ(), "CRM_WEBHOOK_SECRET=whsec_"+strings.Repeat("A", 40)+" "+outsideSecret)
	var printed strings.Builder
	cmd.Stdout, cmd.Stderr = &printed, os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var secret webhook.Secret
	if err := secret.UnmarshalText([]byte(outsideSecret)); err != nil {
		t.Fatal(err)
	}
	const whole = `{"type":"message.closed","timestamp":"2026-11-20T14:23:23Z","data":{"phase":"delivered"}}`
	post := func(id, body string, at time.Time) int {
		r, err := http.NewRequest("POST", "http://127.0.0.1:"+port+"/", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("webhook-id", id)
		r.Header.Set("webhook-timestamp", strconv.FormatInt(at.Unix(), 10))
		r.Header.Set("webhook-signature", webhook.Sign(id, at, []byte(whole), secret))
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			return 0
		}
		defer answer.Body.Close()
		return answer.StatusCode
	}
	until(t, "the receiver", func() bool { return post("closed_1", whole, time.Now()) == 204 })
	for what, x := range map[string]struct {
		id, body string
		at       time.Time
		want     int
	}{
		"the same again": {"closed_1", whole, time.Now(), 204},
		"another":        {"closed_2", whole, time.Now(), 204},
		"a changed one":  {"closed_3", whole + " ", time.Now(), 401},
		"an old one":     {"closed_4", whole, time.Now().Add(-time.Hour), 401},
	} {
		if got := post(x.id, x.body, x.at); got != x.want {
			t.Errorf("%s was answered %d, want %d", what, got, x.want)
		}
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait() // it was killed
	for id, want := range map[string]int{"closed_1": 1, "closed_2": 1, "closed_3": 0, "closed_4": 0} {
		if got := strings.Count(printed.String(), id); got != want {
			t.Errorf("%s was printed %d times, want %d:\n%s", id, got, want, printed.String())
		}
	}
}
