package simulator

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/url"
	"strings"
)

// The types of content that providers take.
const (
	jsonMedia = "application/json"
	formMedia = "application/x-www-form-urlencoded"
)

func isMedia(contentType, want string) bool {
	t, _, err := mime.ParseMediaType(contentType)
	return err == nil && t == want
}

// readObject decodes one JSON object and looks at it by the rule. What could be
// decoded comes back in either case.
func readObject(body []byte, is rule) (map[string]any, []string) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, []string{"body: no JSON"}
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, []string{"body: more than one JSON value"}
	}
	o, _ := v.(map[string]any)
	return o, look(v, is)
}

// readForm does the same with a form, as an object of texts.
func readForm(body []byte, is rule) (map[string]any, []string) {
	fields, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, []string{"body: no form"}
	}
	o := map[string]any{}
	var twice []string
	for name, values := range fields {
		o[name] = values[0]
		if len(values) > 1 {
			twice = append(twice, name+": is given more than once")
		}
	}
	return o, append(twice, look(o, is)...)
}

func look(v any, is rule) (problems []string) {
	is("", v, func(at, problem string) {
		if at == "" {
			at = "body"
		}
		problems = append(problems, at+": "+problem)
	})
	return problems
}

// placed parts a problem from the place where it was found.
func placed(problem string) (at, what string) {
	at, what, _ = strings.Cut(problem, ": ")
	return at, what
}

// dig follows names into objects, and into the first element of lists.
func dig(v any, names ...string) any {
	for _, name := range names {
		o, _ := first(v).(map[string]any)
		v = o[name]
	}
	return first(v)
}

func first(v any) any {
	list, ok := v.([]any)
	switch {
	case !ok:
		return v
	case len(list) == 0:
		return nil
	}
	return list[0]
}

// word is the text at the end of the names; "" if there is none.
func word(v any, names ...string) string {
	s, _ := dig(v, names...).(string)
	return s
}
