package web

import (
	"fmt"
	"html/template"
	"math"
	"strings"
	"time"
)

// words are the functions of templates: how numbers and times are written.
var words = template.FuncMap{
	"count": count, "share": share, "clock": clock, "day": day, "stamp": stamp, "exact": exact, "duration": duration, "rate": perSecond, "took": took,
	"upper": strings.ToUpper, "to": to, "join": strings.Join, "sum": sum, "ends": ends, "bar": newBar, "spaced": func(s string) string { return strings.ReplaceAll(s, "_", " ") },
}

// exact is a time as a form brings it back.
func exact(at time.Time) string { return at.UTC().Format(time.RFC3339Nano) }

func sum(numbers ...int) (n int) {
	for _, k := range numbers {
		n += k
	}
	return n
}

// count groups digits by threes, with a narrow space that does not break.
func count(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}

// share is n of all, in percent; a dash of nothing.
func share(n, of int) string {
	if of == 0 {
		return "–"
	}
	p := 100 * float64(n) / float64(of)
	switch {
	case n > 0 && p < 0.1:
		return "< 0.1 %"
	case n < of && p > 99.9:
		return "> 99.9 %"
	case p < 10 && n > 0:
		return fmt.Sprintf("%.1f %%", p)
	}
	return fmt.Sprintf("%.0f %%", p)
}

// bar is n of some, drawn: both are percents of a whole, of which there may be more.
type bar struct {
	N, Of float64
	Text  string
}

func newBar(n, of, whole int) bar {
	percent := func(n int) float64 { return math.Round(1000*float64(n)/float64(max(whole, n, 1))) / 10 }
	return bar{percent(n), percent(of), share(n, of)}
}

// moment takes a time and a pointer to one; what is neither, or not known, is zero.
func moment(v any) time.Time {
	switch t := v.(type) {
	case time.Time:
		return t.UTC()
	case *time.Time:
		if t != nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

// clock is a time of day, in UTC.
func clock(v any) string { return written(v, "15:04:05 UTC") }

// day is a day and a time, in UTC.
func day(v any) string { return written(v, "2006-01-02 15:04 UTC") }

// stamp is a time to the millisecond, in UTC.
func stamp(v any) string { return written(v, "2006-01-02 15:04:05.000 UTC") }

func written(v any, layout string) string {
	t := moment(v)
	if t.IsZero() {
		return "–"
	}
	return t.Format(layout)
}

// duration is a span to the second: 4s, 2m9s, 3h20m.
func duration(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf("%.0f days", d.Hours()/24)
	case d >= time.Hour:
		return strings.TrimSuffix(d.Round(time.Minute).String(), "0s")
	}
	return d.Round(time.Second).String()
}

// took is within how many ms answers come; a dash of none.
func took(ms int) string {
	if ms == 0 {
		return "–"
	}
	return (time.Duration(ms) * time.Millisecond).String()
}

// perSecond is a rate; a dash of none.
func perSecond(r float64) string {
	if r == 0 {
		return "–"
	}
	return fmt.Sprintf("%.4g/s", r)
}
