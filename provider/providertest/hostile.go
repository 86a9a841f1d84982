package providertest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/provider"
)

// hostile bends every documented callback in every way.
func (k Kit) hostile(t *testing.T) {
	a := k.adapter(t, Nowhere)
	for _, c := range k.Callbacks {
		c = c.loaded(t)
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			try := func(what string, c Callback, body []byte, refused bool) {
				k.tally.add(1)
				receipts, _, err := a.Receipts(c.request(body))
				if refused && err == nil {
					t.Errorf("%s: no error", what)
				}
				if err := CheckReceipts(receipts, err); err != nil {
					t.Errorf("%s: %v", what, err)
				}
			}
			c.unreadable(func(what string, body []byte) { try(what, c, body, true) })
			c.bent(func(what string, body []byte) { try(what, c, body, false) })
			if c.Method != http.MethodGet {
				other := c
				other.ContentType = "text/csv"
				try("a content type that nobody documented", other, c.Body, true)
			}
		})
	}
}

// isForm says whether the callback's fields are a form's, in its body or its query.
func (c Callback) isForm() bool {
	return c.Method == http.MethodGet || strings.HasPrefix(cmp.Or(c.ContentType, provider.JSONType), provider.FormType)
}

// unreadable calls f with bodies that must be refused.
func (c Callback) unreadable(f func(what string, body []byte)) {
	f("empty", nil)
	f("huge", append(bytes.Clone(c.Body), bytes.Repeat([]byte(" "), provider.MaxCallback)...))
	whole := bytes.TrimSpace(c.Body)
	if c.isForm() || !bytes.HasPrefix(whole, []byte("{")) {
		return
	}
	f("deep", append(bytes.Repeat([]byte("["), 100_000), bytes.Repeat([]byte("]"), 100_000)...))
	f("wide", []byte("["+strings.Repeat("1,", 100_000)+"1]"))
	f("two", append(bytes.Clone(whole), whole...))
	for n := 0; n < len(whole)-1; n += stride() {
		f(fmt.Sprintf("cut at %d", n), whole[:n])
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(whole, &fields) != nil {
		return
	}
	for name, value := range fields {
		f("twice "+name, append(fmt.Appendf(nil, "{%q: %s, ", strings.ToUpper(name), value), whole[1:]...))
	}
}

// odd are values that no field is documented to have.
var odd = []string{
	"null", "true", "{}", "[]", `""`, "-1", "1e400", "99999999999999999999999", `{"a":[{"b":1}]}`, "[1,2,3]",
	`"393401234567"`, `"+39 340 123 4567"`, "\"\xff\xfe\"", `"\ud800"`, `"\u0000"`, `"` + strings.Repeat("é", 10_000) + `"`,
	`"<script>"`, `"9999-12-31T23:59:59.999-0100"`, `"99999999999999999999"`,
}

// bent calls f with bodies of which anything may be made, but nothing dishonest.
func (c Callback) bent(f func(what string, body []byte)) {
	for _, body := range []string{"null", "{}", "[]", "[null]", "[[]]", `{"results":[null,{},[],1]}`} {
		f(body, []byte(body))
	}
	if c.isForm() {
		c.bentForm(f)
		return
	}
	d := json.NewDecoder(bytes.NewReader(c.Body))
	d.UseNumber()
	var root any
	if d.Decode(&root) != nil {
		return
	}
	places(root, "", func(path string, set func(any), remove func()) {
		for _, value := range odd {
			set(json.RawMessage(value))
			f(fmt.Sprintf("%s = %.30s", path, value), JSON(root))
		}
		remove()
		f("no "+path, JSON(root))
	})
}

// places calls f with every value in the JSON: how to set it and how to take it away.
// Once f returns the value is as it was.
func places(at any, path string, f func(path string, set func(any), remove func())) {
	switch v := at.(type) {
	case map[string]any:
		for name, old := range v {
			f(path+"."+name, func(value any) { v[name] = value }, func() { delete(v, name) })
			v[name] = old
			places(old, path+"."+name, f)
		}
	case []any:
		for i, old := range v {
			f(fmt.Sprintf("%s[%d]", path, i), func(value any) { v[i] = value }, func() { v[i] = nil })
			v[i] = old
			places(old, fmt.Sprintf("%s[%d]", path, i), f)
		}
	}
}

// bentForm cuts the form and gives each of its fields an odd value, or takes it away.
func (c Callback) bentForm(f func(what string, body []byte)) {
	for n := 0; n < len(c.Body); n += stride() {
		f(fmt.Sprintf("cut at %d", n), c.Body[:n])
	}
	fields := strings.Split(string(c.Body), "&")
	for i, field := range fields {
		name, _, _ := strings.Cut(field, "=")
		for _, value := range []string{"", "%00", "%ff%fe", "%zz", "-1", "99999999999999999999", "%2B393401234567", "a=b=c", strings.Repeat("%C3%A9", 10_000), "x&" + name + "=y"} {
			bent := append([]string(nil), fields...)
			bent[i] = name + "=" + value
			f(fmt.Sprintf("%s = %.30s", name, value), []byte(strings.Join(bent, "&")))
		}
		f("no "+name, []byte(strings.Join(append(append([]string(nil), fields[:i]...), fields[i+1:]...), "&")))
	}
}
