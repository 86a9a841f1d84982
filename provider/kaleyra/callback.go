package kaleyra

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed-438792ba/cascade/provider"
)

// callback holds a callback's single values by their names in lower case, whatever they
// came in.
type callback map[string]string

// maxQuery bounds a query, in bytes: the longest text of WhatsApp, escaped, fits.
const maxQuery = 64 << 10

// read takes a callback out of the query, of a GET and of a POST without a body, out of
// a form, or out of JSON, which may also be a list of them.
func read(r *http.Request) ([]callback, error) {
	switch r.Method {
	case http.MethodGet:
		return readQuery(r.URL.RawQuery)
	case http.MethodPost:
	default:
		return nil, errors.New("a callback is a GET or a POST")
	}
	body, err := provider.ReadCallback(r)
	if err != nil {
		return nil, err
	}
	if len(body) == 0 {
		return readQuery(r.URL.RawQuery)
	}
	switch provider.MediaType(r) {
	case provider.JSONType:
		return readJSON(body)
	case provider.FormType:
		return readForm(string(body))
	}
	return nil, errors.New("a callback is JSON, a form or a query")
}

func readQuery(query string) ([]callback, error) {
	if len(query) > maxQuery {
		return nil, errors.New("the callback's query is longer than 64 KiB")
	}
	return readForm(query)
}

// readForm refuses a field that is there twice, for two readers could read it in two ways.
func readForm(form string) ([]callback, error) {
	values, err := url.ParseQuery(form)
	if err != nil {
		return nil, errors.New("the callback's fields cannot be read")
	}
	c := make(callback, len(values))
	for name, given := range values {
		name = strings.ToLower(name)
		if _, twice := c[name]; twice || len(given) != 1 {
			return nil, errors.New("the callback has a field twice")
		}
		c[name] = given[0]
	}
	return []callback{c}, nil
}

// readJSON leaves out what is no single value: nothing of ours is.
func readJSON(body []byte) ([]callback, error) {
	items, err := provider.Items(body)
	if err != nil {
		return nil, err
	}
	callbacks := make([]callback, 0, len(items))
	for _, item := range items {
		var fields map[string]json.RawMessage
		_ = json.Unmarshal(item, &fields) // what is no object has no field
		c := make(callback, len(fields))
		for name, value := range fields {
			var word provider.Word
			if json.Unmarshal(value, &word) == nil {
				c[strings.ToLower(name)] = string(word)
			}
		}
		callbacks = append(callbacks, c)
	}
	return callbacks, nil
}
