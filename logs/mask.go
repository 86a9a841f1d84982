package logs

import (
	"context"
	"fmt"
	"log/slog"
	"regexp"
)

// Mask masks numbers and secrets in everything that another handler is told: in the message
// and in all values, however deep, but in whole numbers and times, which nobody uses for
// either.
func Mask(h slog.Handler) slog.Handler { return &mask{h} }

type mask struct{ slog.Handler }

// Handle is slog.Handler.
func (m *mask) Handle(ctx context.Context, r slog.Record) error {
	masked := slog.NewRecord(r.Time, r.Level, Text(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		masked.AddAttrs(attribute(a))
		return true
	})
	return m.Handler.Handle(ctx, masked)
}

// WithAttrs is slog.Handler.
func (m *mask) WithAttrs(list []slog.Attr) slog.Handler {
	return &mask{m.Handler.WithAttrs(attributes(list))}
}

// WithGroup is slog.Handler.
func (m *mask) WithGroup(name string) slog.Handler { return &mask{m.Handler.WithGroup(name)} }

func attributes(list []slog.Attr) []slog.Attr {
	masked := make([]slog.Attr, len(list))
	for i, a := range list {
		masked[i] = attribute(a)
	}
	return masked
}

// secret is the name of a value that is one, whatever it looks like.
var secret = regexp.MustCompile(`(?i)(secret|passw(or)?d|api_?key|authorization|credential)`)

func attribute(a slog.Attr) slog.Attr {
	if secret.MatchString(a.Key) {
		return slog.String(a.Key, "***")
	}
	return slog.Attr{Key: a.Key, Value: value(a.Value.Resolve())}
}

func value(v slog.Value) slog.Value {
	switch v.Kind() {
	case slog.KindString:
		return slog.StringValue(Text(v.String()))
	case slog.KindGroup:
		return slog.GroupValue(attributes(v.Group())...)
	case slog.KindAny:
		return anything(v)
	}
	return v
}

// anything is left as it is where it shows nothing, so that JSON keeps its form.
func anything(v slog.Value) slog.Value {
	if err, is := v.Any().(error); is {
		return slog.StringValue(Text(err.Error()))
	}
	text := fmt.Sprintf("%+v", v.Any())
	if masked := Text(text); masked != text {
		return slog.StringValue(masked)
	}
	return v
}
