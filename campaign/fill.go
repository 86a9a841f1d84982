package campaign

import (
	"fmt"
	"slices"
)

// Fill puts a person's values into every text, caption, parameter and address. The
// result holds no placeholder: a name without a value is ErrMissingVariable. A
// template's own names are left to TemplateVariables.
func (c Content) Fill(vars Variables) (Content, error) {
	filled := c.clone()
	var failed error
	filled.each(func(path string, s *string) {
		p, err := parsePattern(*s)
		if err == nil {
			*s, err = p.fill(vars)
		}
		if err != nil && failed == nil {
			failed = fmt.Errorf("fill %s: %w", path, err)
		}
	})
	if failed != nil {
		return Content{}, failed
	}
	return filled, nil
}

// each calls f for every string that may hold placeholders, with its path in a
// campaign's file.
func (c *Content) each(f func(path string, s *string)) {
	f("text", &c.Text)
	for i := range c.Suggestions {
		f(fmt.Sprintf("suggestions[%d].text", i), &c.Suggestions[i].Text)
		f(fmt.Sprintf("suggestions[%d].value", i), &c.Suggestions[i].Value)
	}
	if t := c.Template; t != nil {
		f("template.media_url", &t.MediaURL)
		f("template.header", &t.Header)
		for i := range t.Parameters {
			f(fmt.Sprintf("template.parameters[%d]", i), &t.Parameters[i])
		}
		for i := range t.Buttons {
			f(fmt.Sprintf("template.buttons[%d]", i), &t.Buttons[i])
		}
	}
	if m := c.Media; m != nil {
		f("body."+m.Kind+".url", &m.URL)
		f("body."+m.Kind+".key", &m.Key)
		f("body."+m.Kind+".caption", &m.Caption)
		f("body."+m.Kind+".filename", &m.Filename)
	}
	if l := c.Location; l != nil {
		f("body.location.latitude", &l.Latitude)
		f("body.location.longitude", &l.Longitude)
		f("body.location.name", &l.Name)
		f("body.location.address", &l.Address)
	}
	if r := c.Reaction; r != nil {
		f("body.reaction.messageId", &r.MessageID)
		f("body.reaction.emoji", &r.Emoji)
	}
}

// clone shares nothing with c that each could change.
func (c Content) clone() Content {
	c.Suggestions = slices.Clone(c.Suggestions)
	c.Template, c.Media = copyOf(c.Template), copyOf(c.Media)
	c.Location, c.Reaction = copyOf(c.Location), copyOf(c.Reaction)
	if c.Template != nil {
		c.Template.Parameters = slices.Clone(c.Template.Parameters)
		c.Template.Buttons = slices.Clone(c.Template.Buttons)
	}
	return c
}

func copyOf[T any](p *T) *T {
	if p == nil {
		return nil
	}
	c := *p
	return &c
}

// Placeholders lists the names that the route's legs need, each once, in the
// spelling and order in which they first come.
func (r Route) Placeholders() []string {
	var names []string
	known := map[string]bool{}
	for _, leg := range r.Links() {
		for _, name := range leg.Content.placeholders() {
			if f := fold(name); !known[f] {
				known[f] = true
				names = append(names, name)
			}
		}
	}
	return names
}

// placeholders lists what the content needs, with repetitions.
func (c Content) placeholders() []string {
	var names []string
	c.each(func(_ string, s *string) {
		if p, err := parsePattern(*s); err == nil {
			names = append(names, p.names()...)
		}
	})
	if c.Template != nil {
		names = append(names, c.Template.Placeholders...)
	}
	return names
}

// takesEveryColumn says whether the template gets whatever the file has, for the
// campaign does not say what it wants.
func (t *Template) takesEveryColumn() bool {
	return t != nil && t.Placeholders == nil && !t.takesPositions()
}

// takesPositions says whether the campaign gives the template values by their places.
func (t *Template) takesPositions() bool {
	return t.Parameters != nil || t.Header != "" || t.Buttons != nil
}

// TemplateVariables are the values that go along with the leg's template by name: nil
// without a template or with one by position alone, all where the campaign does not
// list names, else those listed, as the template spells them.
func (l Leg) TemplateVariables(vars Variables) (Variables, error) {
	t := l.Content.Template
	switch {
	case t == nil || t.Placeholders == nil && t.takesPositions():
		return nil, nil
	case t.takesEveryColumn():
		return vars, nil
	}
	some := make(Variables, len(t.Placeholders))
	for _, name := range t.Placeholders {
		value, found := vars.get(name)
		if !found {
			return nil, fmt.Errorf("%w: {%s} of the template", ErrMissingVariable, name)
		}
		some[name] = value
	}
	return some, nil
}
