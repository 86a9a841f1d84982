package qlara

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/provider/providertest"
)

const (
	heldNumbers   = `{"phoneNumbers": [{"id": 4}, {"id": "5"}]}`
	heldTemplates = `{"data": [{"id": 41, "status": "APPROVED"}, {"id": 42, "name": "promo", "language": "it", "category": "MARKETING", "status": "APPROVED",
		"components": [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "Ciao {nome}: {{codice}}, {{1}}"}]}]}`
)

func TestInspect(t *testing.T) {
	t.Parallel()
	full := `{"data": [` + strings.Repeat(`{"id": 1},`, templatesMost-1) + `{"id": 1}]}`
	for name, x := range map[string]struct {
		numbers, templates string
		handed             []string
		want               []string // "warning" or "wrong", and a part of what is said
	}{
		"all is well":          {heldNumbers, heldTemplates, []string{"codice", "nome", "città"}, nil},
		"values are not known": {heldNumbers, heldTemplates, nil, nil},
		"numbers as a list":    {`[{"id": 5}]`, heldTemplates, nil, nil},
		"another's number":     {`[{"id": 7}]`, heldTemplates, nil, []string{"wrong: phone number 5 is not among the account's (7)"}},
		"a value lacks":        {heldNumbers, heldTemplates, []string{"nome"}, []string{"wrong: template 42 wants {codice}, and the leg gives it nome"}},
		"no values":            {heldNumbers, heldTemplates, []string{}, []string{"wrong: template 42 wants {nome}, and the leg gives it none", "wrong: template 42 wants {codice}"}},
		"no such template":     {heldNumbers, `{"data": [{"id": 41}]}`, nil, []string{"wrong: template 42 is not among the approved ones"}},
		"not approved":         {heldNumbers, `{"data": [{"id": 42, "status": "PENDING"}]}`, nil, []string{"wrong: template 42 is PENDING"}},
		"perhaps a later page": {heldNumbers, full, nil, []string{"warning: template 42 is not among the first 100"}},
		"components unread":    {heldNumbers, `{"data": [{"id": 42, "components": "Ciao {nome}"}]}`, []string{}, nil},
		"away":                 {"", "", nil, []string{"warning: whether phone number 5 is the account's could not be looked up: http 503", "warning: template 42 could not be looked up: http 503"}},
		"of no known form":     {`"hello"`, `[]`, nil, []string{"warning: whether phone number 5", "warning: template 42 could not be looked up: http 200: unreadable answer"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body := map[string]string{
					"/api/message-server/whatsapp/phone-numbers":                                       x.numbers,
					"/api/message-server/whatsapp/templates?limit=100&phoneNumberId=5&status=APPROVED": x.templates,
				}[r.URL.RequestURI()]
				if body == "" || r.Header.Get("X-Api-Key") != secret {
					w.WriteHeader(http.StatusServiceUnavailable)
				}
				fmt.Fprint(w, body)
			}))
			t.Cleanup(server.Close)
			p := providertest.Made(t, New, account(server.URL+"/api"))
			l := campaign.Leg{Channel: campaign.WhatsApp, Content: campaign.Content{Template: &campaign.Template{ID: 42}}}
			got := p.Inspect(t.Context(), l, x.handed)
			p.client.CloseIdle()
			if len(got) != len(x.want) {
				t.Fatalf("%+v, want %q", got, x.want)
			}
			for i, f := range got {
				if said := map[bool]string{true: "warning: ", false: "wrong: "}[f.Warning] + f.Text; !strings.HasPrefix(said, x.want[i]) {
					t.Errorf("%q, want %q", said, x.want[i])
				}
			}
		})
	}
}

func TestNothingIsLookedUpElsewhere(t *testing.T) {
	t.Parallel()
	p := providertest.Made(t, New, account(providertest.Nowhere))
	for _, ch := range []campaign.Channel{campaign.RCS, campaign.SMS} {
		if got := p.Inspect(t.Context(), leg(ch), nil); !slices.Equal(got, []provider.Finding(nil)) {
			t.Errorf("%s: %+v, want nothing", ch, got)
		}
	}
}
