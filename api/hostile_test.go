package api_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/api"
	masking "github.com/seed-438792ba/cascade/logs"
)

// contract is what the OpenAPI document says of the calls, as far as hostility needs it.
type contract struct {
	Paths      map[string]map[string]hostileTarget
	Components struct{ Schemas map[string]schemaOf }
}

type hostileTarget struct {
	Role       string `json:"x-role"`
	Parameters []struct {
		Name, In string
		Schema   schemaOf
	}
	RequestBody struct {
		Content map[string]struct{ Schema schemaOf }
	}
	Responses map[string]any
}

// schemaOf is a schema.
type schemaOf struct {
	Ref        string `json:"$ref"`
	Type       any    // a word, or a list of words
	Enum       []string
	Properties map[string]schemaOf
	Items      *schemaOf
	Values     any `json:"additionalProperties"`
}

// attacker makes hostile calls of the contract, the same for the same seed.
type attacker struct {
	*rand.Rand
	contract contract
}

// strange are texts that stand where a sensible one is wanted.
var strange = []string{
	"", " ", "0", "-1", "1e999", "null", "true", "[]", "{}", "../../etc/passwd", "%00", "\x00", "\xff\xfe", "a\r\nX-Injected: 1", "＝1+1", "𝕏\u202e", "Ω≈ç√",
	"'; DROP TABLE messages; --", "{{7*7}}", "${jndi:ldap://x}", "<script>alert(1)</script>", "2026-02-30 25:61 Europe/Rome", "+393401000000", "00000000-0000-0000-0000-000000000000",
	strings.Repeat("9", 400), strings.Repeat("ä", 5000), strings.Repeat("(", 3000),
}

func (a *attacker) strange() string { return strange[a.IntN(len(strange))] }

func (a *attacker) resolve(s schemaOf) schemaOf {
	for s.Ref != "" {
		s = a.contract.Components.Schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")]
	}
	return s
}

// value makes a value of a schema, with something wrong in it now and then.
func (a *attacker) value(s schemaOf, depth int) any {
	if s = a.resolve(s); a.IntN(8) == 0 || depth > 6 {
		return a.wrong()
	}
	kind, _ := s.Type.(string)
	switch {
	case len(s.Enum) > 0:
		return s.Enum[a.IntN(len(s.Enum))]
	case kind == "array" && s.Items != nil:
		list := make([]any, a.IntN(4))
		for i := range list {
			list[i] = a.value(*s.Items, depth+1)
		}
		return list
	case kind == "object":
		return a.object(s, depth)
	case kind == "integer", kind == "number":
		return a.IntN(2000) - 1000
	case kind == "boolean":
		return a.IntN(2) == 0
	}
	return []string{"spring", "qlara", "whatsapp", "Ciao {nome}", "30m", "50/1s", "+393401000001", a.strange()}[a.IntN(8)]
}

func (a *attacker) object(s schemaOf, depth int) map[string]any {
	o := map[string]any{}
	for name, of := range s.Properties {
		if a.IntN(5) > 0 { // else it is missing
			o[name] = a.value(of, depth+1)
		}
	}
	if a.IntN(6) == 0 {
		o[a.strange()] = a.wrong()
	}
	return o
}

// wrong is a value of some other kind.
func (a *attacker) wrong() any {
	return []any{nil, true, -1, 1e300, 0.1, a.strange(), []any{}, map[string]any{}, []any{[]any{nil}}, map[string]any{"a": map[string]any{"b": 1}}}[a.IntN(10)]
}

// body writes a body of the call, and now and then breaks it.
func (a *attacker) body(op hostileTarget) (form, text string) {
	forms := make([]string, 0, 4)
	for form := range op.RequestBody.Content {
		forms = append(forms, form)
	}
	slices.Sort(forms)
	form = append(forms, "", "text/plain", "application/json; charset=utf-16", "application/json")[a.IntN(len(forms)+4)]
	encoded, _ := json.Marshal(a.value(op.RequestBody.Content[form].Schema, 0))
	text = string(encoded)
	switch a.IntN(12) {
	case 0:
		text = text[:a.IntN(len(text)+1)]
	case 1:
		text = strings.Repeat(`{"a":`, 500) + "1" + strings.Repeat("}", 500)
	case 2:
		text = strings.Repeat("[", 100_000)
	case 3:
		text = "\xff\xfe" + text
	case 4:
		text = strings.ReplaceAll(text, `"`, "\xed\xa0\x80")
	case 5:
		text = text + text
	case 6:
		text = ""
	case 7:
		text = strings.ReplaceAll(text, "e", `\ud800`)
	case 8:
		text = "destination;nome\n" + a.strange() + ";=1+1\n\"" + text
	case 9:
		text = strings.ReplaceAll(text, `"spring"`, `"`+strings.Repeat("x", 1<<16)+`"`)
	}
	return form, text
}

// path fills the parameters of a path and a query.
func (a *attacker) path(path string, op hostileTarget) string {
	known := map[string][]string{"id": {"spring", "none"}, "lane": {"qlara.sms", "nobody.fax"}, "account": {"qlara", "nobody"}, "secret": {secret, "guessed"}}
	query := url.Values{}
	for _, p := range op.Parameters {
		switch p.In {
		case "path":
			choices := append(slices.Clone(known[p.Name]), "nobody", a.strange())
			text := choices[a.IntN(len(choices))]
			if text == "" {
				text = "%"
			}
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(text))
		case "query":
			for range a.IntN(3) {
				text := fmt.Sprint(a.value(p.Schema, 0))
				if a.IntN(2) == 0 {
					text = a.strange()
				}
				query.Add(p.Name, text)
			}
		}
	}
	if a.IntN(6) == 0 {
		query.Add(a.strange(), a.strange())
	}
	if a.IntN(20) == 0 {
		return path + "?" + "%zz=;&" + query.Encode()
	}
	return path + "?" + query.Encode()
}

// callers are whom a call may come from.
var callers = []struct {
	role  api.Role
	token string
}{{api.Anyone, ""}, {api.Anyone, "Bearer guessed"}, {api.Viewer, "Bearer " + viewer}, {api.Operator, "Bearer " + operator}, {api.Admin, "Bearer " + admin}}

// hostile makes one call, without a socket, for no client would send all of them, and
// says what is wrong with the answer.
func (h *house) hostile(method, path, form, body string, who int, more http.Header) (status int, wrong string) {
	target, err := url.ParseRequestURI(path)
	if err != nil {
		return 0, "" // it never comes to the handler
	}
	r := httptest.NewRequest(method, "/", strings.NewReader(body))
	r.URL, r.RequestURI = target, path
	for name, values := range more {
		r.Header[name] = values
	}
	if form != "" {
		r.Header.Set("Content-Type", form)
	}
	if token := callers[who].token; token != "" {
		r.Header.Set("Authorization", token)
	}
	w := httptest.NewRecorder()
	h.api.Handler().ServeHTTP(w, r)
	return w.Code, notAProblem(w)
}

// notAProblem says why an answer is neither a success nor a problem as RFC 9457 has it.
func notAProblem(w *httptest.ResponseRecorder) string {
	var p api.Problem
	switch err := json.Unmarshal(w.Body.Bytes(), &p); {
	case w.Code >= 500:
		return fmt.Sprintf("answered %d", w.Code)
	case w.Code < 300, w.Code == http.StatusMovedPermanently, w.Code == http.StatusTemporaryRedirect: // the mux cleans a path
		return ""
	case w.Header().Get("Content-Type") != "application/problem+json":
		return fmt.Sprintf("%d as %q", w.Code, w.Header().Get("Content-Type"))
	case err != nil, p.Status != w.Code, !strings.HasPrefix(p.Type, "urn:cascade:problem:"), p.Title == "":
		return fmt.Sprintf("%d with the problem %+v, %v", w.Code, p, err)
	}
	return ""
}

// masked has the log show no number, as every process has it: whoever gives a reason may
// write one into it.
func masked(o *api.Options) { o.Log = slog.New(masking.Mask(o.Log.Handler())) }

// TestHostileCallsOfEveryOperation walks the OpenAPI document and makes calls of each
// operation as every role: values of a wrong type, missing, too many, huge, nested and in
// odd encodings. None is answered with 5xx, each refusal is a problem that the document
// names, and nobody is let in who may not.
func TestHostileCallsOfEveryOperation(t *testing.T) {
	t.Parallel()
	const each = 120
	h := open(t, masked)
	h.running(20)
	a := &attacker{Rand: rand.New(rand.NewPCG(7, 7))}
	h.get("/openapi.json", "").into(t, &a.contract)
	began, calls, took := time.Now(), 0, 0
	for _, path := range slices.Sorted(maps.Keys(a.contract.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(a.contract.Paths[path])) {
			op := a.contract.Paths[path][method]
			for i := range each {
				who := i % len(callers)
				target := a.path(path, op)
				form, body := a.body(op)
				more := http.Header{}
				if a.IntN(10) == 0 {
					more.Set([]string{"Idempotency-Key", "X-Request-Id", "Content-Encoding", "Accept", "Expect"}[a.IntN(5)], "x"+fmt.Sprint(i))
				}
				status, wrong := h.hostile(strings.ToUpper(method), target, form, body, who, more)
				calls++
				refused := status == http.StatusUnauthorized || status == http.StatusForbidden
				allowed := callers[who].role.String() == op.Role || callers[who].role > roleOf(op.Role)
				routed := op.Responses[fmt.Sprint(status)] != nil || status == 301 || status == 307 || status == 404 || status == 405 || status == 0
				switch {
				case wrong != "":
				case !allowed && !refused && status != 301 && status != 307 && status != 404 && status != 405 && status != 0:
					wrong = fmt.Sprintf("let in with %d", status)
				case allowed && refused:
					wrong = fmt.Sprintf("refused with %d", status)
				case !routed:
					wrong = fmt.Sprintf("answered %d, of which the document says nothing", status)
				}
				if status < 300 && status > 0 {
					took++
				}
				if wrong != "" {
					t.Errorf("%s %.200q as %s, %s: %s\n%.300q", method, target, callers[who].role, form, wrong, body)
				}
			}
		}
	}
	t.Logf("%d calls in %s, %d of them answered with success", calls, time.Since(began).Round(time.Millisecond), took)
	problems, err := h.Audit(t.Context(), h.IDKey().Number("spring"))
	if err != nil || len(problems) > 0 {
		t.Errorf("the books after it: %v %v", problems, err)
	}
}

// roleOf is the role of a name.
func roleOf(name string) api.Role {
	for r := api.Anyone; r <= api.Admin; r++ {
		if r.String() == name {
			return r
		}
	}
	return 0
}

// FuzzCalls makes calls of any route with any body.
func FuzzCalls(f *testing.F) {
	h := open(f, masked)
	h.running(3)
	routes := api.Routes()
	for i := range routes {
		f.Add(uint16(i), uint8(i), "spring", "limit=1", "application/json", []byte(`{"reason": "x"}`))
	}
	f.Fuzz(func(t *testing.T, which uint16, who uint8, part, query, form string, body []byte) {
		rt := routes[int(which)%len(routes)]
		path := rt.Path
		for _, name := range []string{"{id}", "{lane}", "{account}", "{secret}", "{name}"} {
			path = strings.Replace(path, name, url.PathEscape(part), 1)
		}
		path = strings.TrimSuffix(path, "{$}") + "?" + query
		if status, wrong := h.hostile(rt.Method, path, form, string(body), int(who)%len(callers), nil); wrong != "" {
			t.Errorf("%s %q as %s: %d %s", rt.Method, path, callers[int(who)%len(callers)].role, status, wrong)
		}
	})
}
