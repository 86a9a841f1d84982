package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// openAPI gives the description of all that is served, as OpenAPI 3.1.
func (s *Server) openAPI(w http.ResponseWriter, _ *http.Request, _ Caller) error {
	h := w.Header()
	h.Set("Content-Type", asJSON)
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(s.described) // a caller who has gone does not need it
	return nil
}

// describe makes the document of the router's table, the operations and the types.
func describe(routes []route) ([]byte, error) {
	all := &schemas{named: map[string]schema{}, refusals: map[string]schema{}}
	paths := map[string]schema{}
	for _, rt := range routes {
		op, told := operations[rt.method+" "+rt.path]
		if !told {
			return nil, fmt.Errorf("%s %s has no operation: describe it in operations", rt.method, rt.path)
		}
		path := strings.TrimSuffix(rt.path, "{$}")
		if paths[path] == nil {
			paths[path] = schema{}
		}
		paths[path][strings.ToLower(rt.method)] = all.operation(rt, op)
	}
	document := schema{
		"openapi": "3.1.0",
		"info": schema{
			"title": "Cascade", "version": "1",
			"description": "Sends campaigns over WhatsApp, RCS and SMS. A call that is repeated does nothing twice. Errors are problems (RFC 9457), told apart by their type.",
			"license":     schema{"name": "MIT", "identifier": "MIT"},
		},
		"servers":  []any{schema{"url": "/"}},
		"paths":    paths,
		"webhooks": all.posted(),
		"components": schema{
			"schemas":         all.named,
			"responses":       all.refusals,
			"securitySchemes": schema{"token": schema{"type": "http", "scheme": "bearer"}},
		},
	}
	text, err := json.MarshalIndent(document, "", "  ")
	return append(text, '\n'), err
}

func (s *schemas) operation(rt route, op operation) map[string]any {
	described := schema{"operationId": op.name, "description": op.does, "x-role": rt.role.String(), "responses": s.responses(rt, op)}
	if parameters := s.parameters(rt, op); len(parameters) > 0 {
		described["parameters"] = parameters
	}
	if len(op.takes) > 0 {
		described["requestBody"] = schema{"required": !op.optional, "content": s.contents(op.takes)}
	}
	if rt.role > Anyone {
		described["security"] = []any{schema{"token": []string{}}}
	}
	return described
}

var placeholder = regexp.MustCompile(`\{(\w+)\}`)

func (s *schemas) parameters(rt route, op operation) (list []any) {
	for _, found := range placeholder.FindAllStringSubmatch(rt.path, -1) {
		list = append(list, schema{"name": found[1], "in": "path", "required": true, "schema": schema{"type": "string"}})
	}
	for _, q := range op.query {
		list = append(list, schema{"name": q.name, "in": "query", "description": q.means, "schema": q.schema})
	}
	if op.named(rt) {
		list = append(list, schema{"name": repeatHeader, "in": "header", "schema": schema{"type": "string", "maxLength": longestKey},
			"description": "The caller's own name for this call: the same key and body give the first answer again, for a day."})
	}
	return list
}

// named says whether calls may bear an Idempotency-Key; see Server.repeatable.
func (op operation) named(rt route) bool {
	return rt.method == http.MethodPost && rt.role > Anyone &&
		!slices.ContainsFunc(op.takes, func(c content) bool { return uploads[c.media] != nil })
}

func (s *schemas) contents(list []content) map[string]any {
	media := schema{}
	for _, c := range list {
		described := schema{"type": "string"}
		if c.of != nil {
			described = s.of(c.of)
		} else if c.media == asJSON {
			described = schema{}
		}
		media[c.media] = schema{"schema": described}
	}
	return media
}

// responses are the answer and, by their status, the problems.
func (s *schemas) responses(rt route, op operation) map[string]any {
	list := schema{}
	if len(op.gives) > 0 {
		list["200"] = schema{"description": "Done.", "content": s.contents(op.gives)}
	}
	if op.created {
		list["201"] = schema{"description": "Made; Location says where it is.", "content": s.contents(op.gives)}
	}
	byStatus := map[int][]string{}
	for _, k := range op.problems(rt) {
		if !slices.Contains(byStatus[k.status], k.name) {
			byStatus[k.status] = append(byStatus[k.status], k.name)
		}
	}
	for status, names := range byStatus {
		slices.Sort(names)
		list[strconv.Itoa(status)] = s.refusal(status, names)
	}
	return list
}

// problems are the operation's own and those that follow from its role and body.
func (op operation) problems(rt route) []kind {
	list := slices.Clone(op.fails)
	if rt.role > Anyone {
		list = append(list, unauthorised, forbidden, unavailable)
	}
	if rt.role > Anyone && len(op.takes) > 0 {
		list = append(list, malformed, tooLarge)
	}
	if rt.role > Anyone && len(op.takes) > 0 && !op.optional {
		list = append(list, unsupported)
	}
	if op.named(rt) {
		list = append(list, otherBody, inProgress)
	}
	if strings.HasPrefix(rt.path, "/callbacks/{account}/{secret}") {
		list = append(list, unavailable)
	}
	return list
}

// refusal describes an answer that is one of these problems once, and gives the reference
// to it.
func (s *schemas) refusal(status int, names []string) schema {
	types := make([]string, len(names))
	for i, name := range names {
		types[i] = kind{name: name}.uri()
	}
	described := schema{
		"description": http.StatusText(status) + ": " + strings.Join(names, ", or ") + ".",
		"content": schema{"application/problem+json": schema{"schema": schema{
			"allOf": []any{s.of(reflect.TypeFor[Problem]()), schema{"properties": schema{"type": schema{"enum": types}}}},
		}}},
	}
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable || slices.Contains(names, inProgress.name) {
		described["headers"] = schema{"Retry-After": schema{"schema": schema{"type": "integer"}, "description": "Seconds."}}
	}
	name := strings.Join(names, ".")
	s.refusals[name] = described
	return schema{"$ref": "#/components/responses/" + name}
}
