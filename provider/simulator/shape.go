package simulator

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// rule looks at one value of a request and says everything that is wrong with it.
// What it says never quotes the value: it may be a number or a text.
type rule func(at string, v any, say complain)

// complain says what is wrong with the value at a path such as template.id.
type complain func(at, problem string)

// member is what a contract says about one member of an object.
type member struct {
	name string
	must bool
	is   rule
}

func must(name string, is rule) member { return member{name, true, is} }
func may(name string, is rule) member  { return member{name, false, is} }

// open has these members, and maybe others that are not looked into.
func open(members ...member) rule {
	return func(at string, v any, say complain) {
		o, ok := v.(map[string]any)
		if !ok {
			say(at, "want an object")
		}
		for _, m := range members {
			value, there := o[m.name]
			switch {
			case there:
				m.is(join(at, m.name), value, say)
			case ok && m.must:
				say(join(at, m.name), "is missing")
			}
		}
	}
}

// object has these members and no others, under exactly these names.
func object(members []member, more ...func(o map[string]any, at string, say complain)) rule {
	has, known := open(members...), map[string]bool{}
	for _, m := range members {
		known[m.name] = true
	}
	return func(at string, v any, say complain) {
		has(at, v, say)
		o, ok := v.(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(o)) {
			if !known[name] {
				say(join(at, name), "no such field")
			}
		}
		for _, check := range more {
			if ok {
				check(o, at, say)
			}
		}
	}
}

// typed is an object whose type says what else it holds.
func typed(shapes map[string]rule) rule {
	kind := oneOf(slices.Sorted(maps.Keys(shapes))...)
	return func(at string, v any, say complain) {
		open(must("type", kind))(at, v, say)
		if shape, known := shapes[word(v, "type")]; known {
			shape(at, v, say)
		}
	}
}

func join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

// exactlyOne of the members is there.
func exactlyOne(names ...string) func(map[string]any, string, complain) {
	return func(o map[string]any, at string, say complain) {
		n := 0
		for _, name := range names {
			if _, there := o[name]; there {
				n++
			}
		}
		if n != 1 {
			say(at, "want exactly one of "+strings.Join(names, ", "))
		}
	}
}

// needs says that one member is not there without another.
func needs(name, other string) func(map[string]any, string, complain) {
	return func(o map[string]any, at string, say complain) {
		_, has := o[name]
		if _, also := o[other]; has && !also {
			say(join(at, other), "is needed with "+name)
		}
	}
}

// textWhere is a string that is as it should be.
func textWhere(want string, good func(string) bool) rule {
	return func(at string, v any, say complain) {
		if s, ok := v.(string); !ok || !good(s) {
			say(at, "want "+want)
		}
	}
}

func oneOf(words ...string) rule {
	return textWhere("one of "+strings.Join(words, ", "), func(s string) bool { return slices.Contains(words, s) })
}

func dateLike(layout, want string) rule {
	return textWhere("a date as "+want, func(s string) bool { _, err := time.Parse(layout, s); return err == nil })
}

// length is a text of so many characters.
func length(least, most int) rule {
	return textWhere(fmt.Sprintf("%d to %d characters", least, most), func(s string) bool {
		n := utf8.RuneCountInString(s)
		return n >= least && n <= most
	})
}

// single is a list of one. The providers take several messages in one request; a log
// of requests cannot.
func single(each rule) rule {
	return func(at string, v any, say complain) {
		if list, ok := v.([]any); !ok || len(list) != 1 {
			say(at, "want a list of one: one request is one message here")
			return
		}
		listOf(each)(at, v, say)
	}
}

func listOf(each rule) rule {
	return func(at string, v any, say complain) {
		list, ok := v.([]any)
		if !ok {
			say(at, "want a list")
		}
		for _, v := range list {
			each(at+"[]", v, say)
		}
	}
}

// The rules that need nothing said.
var (
	text    = textWhere("a text that is not empty", func(s string) bool { return s != "" })
	anyText = textWhere("a text", func(string) bool { return true })
	decimal = textWhere("a decimal number, as a string", func(s string) bool { return isNumber(json.Number(s)) })
	e164    = textWhere("a plus and 8 to 15 digits, the first not 0", isE164)

	// A number as it is written without a plus.
	bareNumber = textWhere("8 to 15 digits without a plus, the first not 0", func(s string) bool { return isE164("+" + s) })

	// What fills a place in a WhatsApp template, by Meta's rule.
	parameter = textWhere("a text without new lines and tabs, and with no more than 4 spaces in a row", func(s string) bool {
		return s != "" && !strings.ContainsAny(s, "\n\r\t") && !strings.Contains(s, "     ")
	})
)

func anyNumber(at string, v any, say complain) {
	if n, ok := v.(json.Number); !ok || !isNumber(n) {
		say(at, "want a number, not in quotes")
	}
}

// whole is a number of the range, without a fraction.
func whole(least, most int64) rule {
	return func(at string, v any, say complain) {
		n, ok := v.(json.Number)
		if i, err := n.Int64(); !ok || err != nil || i < least || i > most {
			say(at, fmt.Sprintf("want %d to %d, not in quotes", least, most))
		}
	}
}

func integer(at string, v any, say complain) {
	n, ok := v.(json.Number)
	if i, err := n.Int64(); !ok || err != nil || i < 1 {
		say(at, "want an integer above 0, not in quotes")
	}
}

func flag(at string, v any, say complain) {
	if _, ok := v.(bool); !ok {
		say(at, "want true or false")
	}
}

func anyObject(at string, v any, say complain) {
	if o, ok := v.(map[string]any); !ok || len(o) == 0 {
		say(at, "want an object that is not empty")
	}
}

func textMap(at string, v any, say complain) {
	o, ok := v.(map[string]any)
	if !ok {
		say(at, "want an object of names and texts")
	}
	for name, v := range o {
		if _, ok := v.(string); !ok {
			say(join(at, name), "want a text")
		}
	}
}

func isNumber(n json.Number) bool { _, err := n.Float64(); return err == nil }

func isE164(s string) bool {
	digits, plus := strings.CutPrefix(s, "+")
	return plus && len(digits) >= 8 && len(digits) <= 15 && digits[0] != '0' && isDigits(digits)
}

func isDigits(s string) bool {
	return strings.Trim(s, "0123456789") == "" && s != ""
}
