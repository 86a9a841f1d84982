package campaign

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"time"
)

// Canonical is the campaign as JSON in the form of its file, with every default spelled
// out and the start in UTC. Campaigns that mean the same have the same canonical form,
// and ParseFile makes the same Campaign of it.
func (c Campaign) Canonical() []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(c.form()); err != nil {
		panic(fmt.Sprintf("campaign: its form is always JSON: %v", err))
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// Digest is a hash of the canonical form, in hexadecimal: campaigns of the same digest
// have the same content.
func (c Campaign) Digest() string {
	sum := sha256.Sum256(c.Canonical())
	return hex.EncodeToString(sum[:])
}

// MarshalJSON gives the canonical form.
func (c Campaign) MarshalJSON() ([]byte, error) { return c.Canonical(), nil }

// UnmarshalJSON reads what ParseFile reads.
func (c *Campaign) UnmarshalJSON(data []byte) error {
	parsed, err := ParseFile("campaign", data, nil)
	if err != nil {
		return err
	}
	*c = parsed
	return nil
}

// FormType is the type whose JSON is the canonical form, for those who describe it.
func FormType() reflect.Type { return reflect.TypeFor[campaignForm]() }

// The form types are the campaign as its file has it.
type campaignForm struct {
	Campaign            string      `json:"campaign"`
	Start               *time.Time  `json:"start,omitempty"`
	Spread              Duration    `json:"spread,omitzero"`
	Window              *windowForm `json:"window,omitempty"`
	Expires             Duration    `json:"expires,omitzero"`
	Throttle            []Limit     `json:"throttle,omitempty"`
	Frequency           *Limit      `json:"frequency,omitempty"`
	ExcludeReached      []string    `json:"exclude_reached,omitempty"`
	Standing            bool        `json:"standing,omitempty"`
	StartWhileImporting bool        `json:"start_while_importing,omitempty"`
	OnUnknown           Policy      `json:"on_unknown"`
	Fallback            string      `json:"fallback,omitempty"` // absent is cascade: digests made before there was a choice still hold
	RetryWithin         Duration    `json:"retry_within"`
	Retention           Duration    `json:"retention"`
	Webhook             *hookForm   `json:"webhook,omitempty"`
	Route               []legForm   `json:"route"`
	Recipients          columnsForm `json:"recipients,omitzero"`
}

type windowForm struct {
	From  TimeOfDay `json:"from"`
	To    TimeOfDay `json:"to"`
	Zone  string    `json:"zone"`
	AtEnd string    `json:"at_end"`
}

type columnsForm struct {
	Region string            `json:"region,omitempty"`
	Zone   string            `json:"zone,omitempty"`
	Names  map[string]string `json:"columns,omitempty"`
}

type legForm struct {
	Channel     Channel          `json:"channel"`
	Account     string           `json:"account"`
	Wait        Duration         `json:"wait,omitzero"` // none behind the first of a chain
	Template    *templateForm    `json:"template,omitempty"`
	Text        string           `json:"text,omitempty"`
	Suggestions []suggestionForm `json:"suggestions,omitempty"`
	Body        map[string]any   `json:"body,omitempty"`
	MaxParts    int              `json:"max_parts,omitempty"`
	Capability  string           `json:"capability,omitempty"`
	Simulation  bool             `json:"simulation,omitempty"`
}

type templateForm struct {
	ID           int      `json:"id,omitempty"`
	Name         string   `json:"name,omitempty"`
	Language     string   `json:"language,omitempty"`
	MediaURL     string   `json:"media_url,omitempty"`
	Header       string   `json:"header,omitempty"`
	Parameters   []string `json:"parameters,omitzero"`   // empty is not the same as absent
	Buttons      []string `json:"buttons,omitzero"`      // nor here
	Placeholders []string `json:"placeholders,omitzero"` // nor here
}

type suggestionForm struct {
	Type  string `json:"type"`
	Text  string `json:"text"`
	Value string `json:"value,omitempty"`
}

type mediaForm struct {
	URL      string `json:"url,omitempty"`
	Key      string `json:"key,omitempty"`
	Caption  string `json:"caption,omitempty"`
	Filename string `json:"filename,omitempty"`
}

type locationForm struct {
	Latitude  string `json:"latitude"`
	Longitude string `json:"longitude"`
	Name      string `json:"name,omitempty"`
	Address   string `json:"address,omitempty"`
}

type reactionForm struct {
	MessageID string `json:"messageId"`
	Emoji     string `json:"emoji"`
}

func (c Campaign) form() campaignForm {
	f := campaignForm{
		Campaign: c.ID, Spread: Duration(c.Spread), Expires: Duration(c.Expires), Throttle: c.Throttle, Frequency: c.Frequency, ExcludeReached: c.ExcludeReached,
		Standing: c.Standing, StartWhileImporting: c.StartWhileImporting, OnUnknown: c.OnUnknown,
		RetryWithin: Duration(c.RetryWithin), Retention: Duration(c.Retention),
		Webhook: (*hookForm)(c.Webhook), Route: make([]legForm, 0, len(c.Route)), Recipients: columnsForm(c.Recipients),
	}
	if !c.Start.IsZero() {
		start := c.Start.UTC()
		f.Start = &start
	}
	if w := c.Window; w != nil {
		f.Window = &windowForm{w.From, w.To, w.Zone, "hold"}
		if w.Expire {
			f.Window.AtEnd = "expire"
		}
	}
	if c.Route.Chained() {
		f.Fallback = "provider"
	}
	for _, leg := range c.Route.Links() {
		f.Route = append(f.Route, leg.form())
	}
	return f
}

func (l Leg) form() legForm {
	c := l.Content
	f := legForm{
		Channel: l.Channel, Account: l.Account, Wait: Duration(l.Wait), MaxParts: l.MaxParts, Simulation: l.Simulation,
		Template: (*templateForm)(c.Template), Text: c.Text,
	}
	if l.Capability {
		f.Capability = "check"
	}
	for _, s := range c.Suggestions {
		f.Suggestions = append(f.Suggestions, suggestionForm(s))
	}
	switch {
	case c.Media != nil:
		m := c.Media
		f.Body = map[string]any{m.Kind: mediaForm{m.URL, m.Key, m.Caption, m.Filename}}
	case c.Location != nil:
		f.Body = map[string]any{"location": locationForm(*c.Location)}
	case c.Reaction != nil:
		f.Body = map[string]any{"reaction": reactionForm(*c.Reaction)}
	}
	return f
}
