package api

import (
	"cmp"
	"encoding"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// schema is a JSON Schema, as OpenAPI 3.1 has it.
type schema map[string]any

// schemas describes Go types as encoding/json writes them. Structs with a name stand
// once, by their name, and so do answers that are problems, by the problems' names.
type schemas struct{ named, refusals map[string]schema }

// words are the values of types that have a few.
var words = map[reflect.Type][]string{
	reflect.TypeFor[LaneState]():       {string(LaneFree), string(LaneLimit), string(LaneGentle), string(LaneHeld), string(LanePaused)},
	reflect.TypeFor[WorkerState]():     {string(WorkerAlive), string(WorkerDraining), string(WorkerLost)},
	reflect.TypeFor[WebhookState]():    {string(WebhookWell), string(WebhookFailing), string(WebhookGone)},
	reflect.TypeFor[campaign.Result](): {string(campaign.Accepted), string(campaign.AlreadyThere), string(campaign.Rejected)},
	reflect.TypeFor[campaign.Channel](): {
		campaign.WhatsApp.String(), campaign.RCS.String(), campaign.SMS.String(),
	},
}

// needed are the fields that a campaign must have: those that have a default are always
// in its canonical form, which is what is described, but need not be sent.
var needed = map[string][]string{
	"Campaign": {"campaign", "route"},
	"Leg":      {"channel", "account"},
	"Template": {},
	"Window":   {"from", "to"},
}

// wider are the fields that are read in more forms than they are written in.
var wider = map[string]schema{
	"Campaign.start":    {"type": "string", "description": "RFC 3339, or a date, a time and a zone: 2026-12-01 09:00 Europe/Rome."},
	"Message.variables": {"type": "object", "additionalProperties": schema{"type": []string{"string", "number"}}},
}

// of describes a type.
func (s *schemas) of(t reflect.Type) schema {
	if values, few := words[t]; few {
		return schema{"type": "string", "enum": values}
	}
	if t == reflect.TypeFor[time.Time]() {
		return schema{"type": "string", "format": "date-time"}
	}
	if t.Kind() != reflect.Pointer && t.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
		return schema{"type": "string"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.of(t.Elem())
	case reflect.Struct:
		return s.object(t)
	case reflect.Slice, reflect.Array:
		return schema{"type": "array", "items": s.of(t.Elem())}
	case reflect.Map:
		return schema{"type": "object", "additionalProperties": s.of(t.Elem())}
	case reflect.String:
		return schema{"type": "string"}
	case reflect.Bool:
		return schema{"type": "boolean"}
	case reflect.Float32, reflect.Float64:
		return schema{"type": "number"}
	case reflect.Interface:
		return schema{}
	}
	return schema{"type": "integer"}
}

// object describes a struct once, and gives the reference to it.
func (s *schemas) object(t reflect.Type) schema {
	name := typeName(t)
	if _, known := s.named[name]; !known {
		described := schema{"type": "object"}
		s.named[name] = described // first, for a type may hold itself
		properties, required := schema{}, []string{}
		s.fields(t, func(field string, f schema, always bool) {
			if more, told := wider[name+"."+field]; told {
				f = more
			}
			required = slices.DeleteFunc(required, func(inner string) bool { return inner == field })
			if properties[field] = f; always {
				required = append(required, field)
			}
		})
		if by, told := needed[name]; told {
			required = slices.Clone(by)
		}
		described["properties"] = properties
		if slices.Sort(required); len(required) > 0 {
			described["required"] = slices.Compact(required)
		}
	}
	return schema{"$ref": "#/components/schemas/" + name}
}

// fields gives the fields of a struct and of what it embeds; an outer one takes the
// place of an inner one of its name.
func (s *schemas) fields(t reflect.Type, put func(name string, f schema, always bool)) {
	for f := range t.Fields() {
		if f.Anonymous {
			s.fields(f.Type, put)
		}
	}
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || !f.IsExported() || name == "-" {
			continue
		}
		always := !strings.Contains(options, "omit")
		described := s.of(f.Type)
		if kind, plain := described["type"]; plain && always && f.Type.Kind() == reflect.Pointer {
			described["type"] = []any{kind, "null"}
		}
		put(cmp.Or(name, f.Name), described, always)
	}
}

// typeName is the name of a type in the document: a campaignForm is a Campaign.
func typeName(t reflect.Type) string {
	name := strings.TrimSuffix(t.Name(), "Form")
	return strings.ToUpper(name[:1]) + name[1:]
}
