package qlara

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// Where templates and phone numbers are listed. The paths, the query and a template's
// fields are documented; of a phone number only that it has an id.
const (
	templatesPath    = "/message-server/whatsapp/templates"
	phoneNumbersPath = "/message-server/whatsapp/phone-numbers"
)

// templatesMost is how many templates one answer is asked for. How the next ones are asked
// for is not documented, and neither is the most.
const templatesMost = 100

type heldTemplate struct {
	ID         provider.Word   `json:"id"`
	Name       provider.Word   `json:"name"`
	Status     provider.Word   `json:"status"`
	Components json.RawMessage `json:"components"` // their form is not documented
}

// Inspect looks up the leg's template and the account's phone number. RCS and SMS have
// nothing that could be looked up.
func (p *Provider) Inspect(ctx context.Context, leg campaign.Leg, handed []string) []provider.Finding {
	if leg.Channel != campaign.WhatsApp || p.config.WhatsApp == nil {
		return nil
	}
	found := p.inspectNumber(ctx)
	if t := leg.Content.Template; t != nil {
		found = append(found, p.inspectTemplate(ctx, *t, handed)...)
	}
	return found
}

func sure(format string, about ...any) []provider.Finding {
	return []provider.Finding{{Text: fmt.Sprintf(format, about...)}}
}

func perhaps(format string, about ...any) []provider.Finding {
	return []provider.Finding{{Warning: true, Text: fmt.Sprintf(format, about...)}}
}

func (p *Provider) inspectNumber(ctx context.Context) []provider.Finding {
	x := p.look(ctx, phoneNumbersPath)
	numbers, readable := readNumbers(x)
	id := p.config.WhatsApp.PhoneNumberID
	switch {
	case !readable:
		return perhaps("whether phone number %d is the account's could not be looked up: %s", id, p.trouble(x))
	case slices.Contains(numbers, strconv.Itoa(id)):
		return nil
	}
	return sure("phone number %d is not among the account's (%s): put the right whatsapp.phone_number_id into the configuration", id, orNone(numbers))
}

// readNumbers takes the list by itself, or under the name that the older generation has.
func readNumbers(x provider.Exchange) (ids []string, readable bool) {
	type number struct {
		ID provider.Word `json:"id"`
	}
	var older struct {
		PhoneNumbers []number `json:"phoneNumbers"`
	}
	if !x.Successful() || !x.Read(&older) {
		return nil, false
	}
	list := older.PhoneNumbers
	if list == nil && (!x.Read(&list) || list == nil) {
		return nil, false
	}
	for _, n := range list {
		ids = append(ids, string(n.ID))
	}
	return ids, true
}

func (p *Provider) inspectTemplate(ctx context.Context, t campaign.Template, handed []string) []provider.Finding {
	sender := p.config.WhatsApp.PhoneNumberID
	query := url.Values{"status": {"APPROVED"}, "phoneNumberId": {strconv.Itoa(sender)}, "limit": {strconv.Itoa(templatesMost)}}
	x := p.look(ctx, templatesPath+"?"+query.Encode())
	var answer struct {
		Data []heldTemplate `json:"data"`
	}
	if !x.Successful() || !x.Read(&answer) || answer.Data == nil {
		return perhaps("template %d could not be looked up: %s", t.ID, p.trouble(x))
	}
	i := slices.IndexFunc(answer.Data, func(h heldTemplate) bool { return string(h.ID) == strconv.Itoa(t.ID) })
	switch {
	case i < 0 && len(answer.Data) >= templatesMost:
		return perhaps("template %d is not among the first %d approved ones of phone number %d: look for it at Qlara", t.ID, len(answer.Data), sender)
	case i < 0:
		return sure("template %d is not among the approved ones of phone number %d: it does not exist, is another number's, or is not approved", t.ID, sender)
	}
	held := answer.Data[i]
	if held.Status != "" && !strings.EqualFold(string(held.Status), "APPROVED") {
		return sure("template %d is %s, not APPROVED: have it approved before the campaign starts", t.ID, provider.Reason(string(held.Status)))
	}
	return placeholderFindings(t.ID, held.wants(), handed)
}

// look makes one request, without limits: a person waits for it.
func (p *Provider) look(ctx context.Context, path string) provider.Exchange {
	return p.client.Get(ctx, provider.Request{URL: p.config.BaseURL + path, Header: p.header()}, func() error { return nil })
}

func (p *Provider) trouble(x provider.Exchange) string {
	return p.noAnswer(x).Outcome.Reason
}

// named is a placeholder as Qlara's texts have it. Two braces, as Meta writes, are read
// too; a number stands for a position, of which nothing can be said.
var named = regexp.MustCompile(`\{+\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}+`)

// wants are the placeholders in the texts of a template's components: nil if none can be
// seen. That a component has a text of this name is assumed.
func (h heldTemplate) wants() (names []string) {
	var components []struct {
		Text string `json:"text"`
	}
	if json.Unmarshal(h.Components, &components) != nil {
		return nil
	}
	for _, c := range components {
		for _, m := range named.FindAllStringSubmatch(c.Text, -1) {
			if !slices.Contains(names, m[1]) {
				names = append(names, m[1])
			}
		}
	}
	return names
}

// placeholderFindings compares what the template wants with what it is given. More than it
// wants does no harm; what it lacks would stay visible as {name}.
func placeholderFindings(id int, wants, handed []string) (found []provider.Finding) {
	if handed == nil {
		return nil
	}
	for _, name := range wants {
		if !slices.Contains(handed, name) {
			found = append(found, sure("template %d wants {%s}, and the leg gives it %s: add a column of this name, or list it in template.placeholders", id, name, orNone(handed))...)
		}
	}
	return found
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
