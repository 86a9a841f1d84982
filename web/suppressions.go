package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/client"
)

// suppressionsPlace is who wants nothing. They are kept as keyed hashes, so that nobody can
// be listed: one asks for numbers that one has.
var suppressionsPlace = page{path: "/suppressions", template: "suppressions", title: "Suppressions", role: api.Viewer, read: readSuppressions}

type suppressionsPage struct{ People int }

func readSuppressions(ctx context.Context, v *visit) (any, error) {
	n, err := v.CountSuppressions(ctx)
	return suppressionsPage{n}, err
}

// What is asked and done comes in bodies, never in an address, and what is said afterwards
// has numbers masked.
const suppressionsPath = "/suppressions"

// named are those that a form names, one in a line.
func (v *visit) named() client.People {
	p := client.People{Region: strings.TrimSpace(v.form.Get("region"))}
	for line := range strings.Lines(v.form.Get("numbers")) {
		if line = strings.TrimSpace(line); line != "" {
			p.Numbers = append(p.Numbers, line)
		}
	}
	return p
}

func checkPeople(ctx context.Context, v *visit) (to, said string, err error) {
	p := v.named()
	found, err := v.CheckSuppressions(ctx, p)
	if err != nil {
		return "", "", err
	}
	var none, some []string
	for i, suppressed := range found {
		if suppressed {
			none = append(none, hidden(p.Numbers[i]))
		} else {
			some = append(some, hidden(p.Numbers[i]))
		}
	}
	var parts []string
	if len(none) > 0 {
		parts = append(parts, fmt.Sprintf("Suppressed, %s: %s.", persons(len(none)), fewOf(none)))
	}
	if len(some) > 0 {
		parts = append(parts, fmt.Sprintf("Not suppressed, %s: %s.", persons(len(some)), fewOf(some)))
	}
	return suppressionsPath, strings.Join(parts, " "), nil
}

func suppressPeople(ctx context.Context, v *visit) (to, said string, err error) {
	p := v.named()
	if p.Reason, err = v.why(); err != nil {
		return "", "", err
	}
	done, err := v.Suppress(ctx, p)
	return suppressionsPath, suppressed(done), err
}

// importPeople takes a pasted column, or a CSV with a header where its column is named.
func importPeople(ctx context.Context, v *visit) (to, said string, err error) {
	f := client.SuppressionFile{Region: strings.TrimSpace(v.form.Get("region")), Column: strings.TrimSpace(v.form.Get("column"))}
	if f.Reason, err = v.why(); err != nil {
		return "", "", err
	}
	text := v.form.Get("file")
	if strings.TrimSpace(text) == "" {
		return "", "", &client.Problem{Status: http.StatusUnprocessableEntity, Title: "There is nothing to import", Detail: "Paste the numbers, one in a line."}
	}
	header := ""
	if f.Column == "" {
		header = "destination\n"
	}
	done, err := v.ImportSuppressions(ctx, strings.NewReader(header+text), f)
	for i := range done.Rejects {
		done.Rejects[i].Line -= strings.Count(header, "\n") // as in what was pasted
	}
	return suppressionsPath, suppressed(done), err
}

func allowPeople(ctx context.Context, v *visit) (to, said string, err error) {
	p := v.named()
	if p.Reason, err = v.why(); err != nil {
		return "", "", err
	}
	done, err := v.Allow(ctx, p)
	return suppressionsPath, fmt.Sprintf("%s may be sent to again, from the next message on. Not suppressed before: %s.", persons(done.Removed), count(done.NotThere)), err
}

// suppressed says what became of people who were named.
func suppressed(s client.Suppressed) string {
	text := fmt.Sprintf("%s suppressed; there already %s, rejected %s, blank %s. Open messages that ended with it: %s.",
		persons(s.Accepted), count(s.AlreadyThere), count(s.Rejected), count(s.Blank), count(s.Ended))
	const few = 10
	for i, r := range s.Rejects {
		if i == few {
			return text + fmt.Sprintf(" And %d more rows.", s.Rejected-few)
		}
		text += fmt.Sprintf(" Line %d: %s (%s).", r.Line, r.Text, r.Reason)
	}
	return text
}

func persons(n int) string {
	if n == 1 {
		return "1 person"
	}
	return count(n) + " people"
}

// hidden is a number as somebody wrote it, but for its end, by which they know it again.
func hidden(number string) string {
	const shown = 2
	runes := []rune(number)
	return "…" + string(runes[max(0, len(runes)-shown):])
}

// fewOf lists some of a list.
func fewOf(list []string) string {
	const few = 20
	if len(list) <= few {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:few], ", "), len(list)-few)
}
