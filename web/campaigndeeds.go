package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/client"
)

// form fields that several deeds have.
const whyField = "why"

// why is the reason that a form must bring.
func (v *visit) why() (string, error) {
	why := strings.TrimSpace(v.form.Get(whyField))
	if why == "" {
		return "", &client.Problem{Status: http.StatusUnprocessableEntity, Title: "A reason is wanted", Detail: "Say why, for those who read the journal later. Nothing was done."}
	}
	return why, nil
}

// turn is a deed that changes a campaign's state and says why.
func turn(do func(ctx context.Context, v *visit, id, why string) (said string, err error)) func(context.Context, *visit) (string, string, error) {
	return func(ctx context.Context, v *visit) (string, string, error) {
		id := v.value("id")
		why, err := v.why()
		if err != nil {
			return "", "", err
		}
		said, err := do(ctx, v, id, why)
		return to("campaigns", id), said, err
	}
}

// startCampaign starts what was shown. A standing campaign shows no number: it grows always.
func startCampaign(ctx context.Context, v *visit, id, why string) (_ string, err error) {
	if v.form.Has("standing") {
		_, err = v.Start(ctx, id, why)
	} else {
		_, err = v.StartOf(ctx, id, v.shown("accepted"), why)
	}
	return "Started.", err
}

// shown is a number that the page showed on which a form stood. One that is missing is none
// that there is.
func (v *visit) shown(field string) int {
	n, err := strconv.Atoi(v.form.Get(field))
	if err != nil {
		return -1
	}
	return n
}

// shownAt is a time that it showed.
func (v *visit) shownAt(field string) *time.Time {
	at, _ := time.Parse(time.RFC3339Nano, v.form.Get(field)) // else at no time at all
	return &at
}

func pauseCampaign(ctx context.Context, v *visit, id, why string) (string, error) {
	s, err := v.Pause(ctx, id, why)
	return "Paused: nothing new is claimed" + inHand(s), err
}

func resumeCampaign(ctx context.Context, v *visit, id, why string) (string, error) {
	_, err := v.Resume(ctx, id, why)
	return "It goes on where it stopped; nobody gets it twice.", err
}

// cancelCampaign wants the campaign's name, typed, for there is no way back.
func cancelCampaign(ctx context.Context, v *visit, id, why string) (string, error) {
	if v.form.Get("name") != id {
		return "", &client.Problem{Status: http.StatusUnprocessableEntity, Title: "The name is not the campaign's", Detail: "To cancel it, type its name as it stands at the top of its page. Nothing was done."}
	}
	s, err := v.Cancel(ctx, id, why)
	return "Cancelled for ever: what was not sent is being closed" + inHand(s), err
}

// inHand says what may still start after a pause or a cancel.
func inHand(s client.State) string {
	if s.InFlight == nil || *s.InFlight == 0 {
		return ", and no request was in hand."
	}
	return fmt.Sprintf("; %s requests were in hand and end as they end.", count(*s.InFlight))
}

// throttleCampaign sets the campaign's own limits, or takes them away.
func throttleCampaign(ctx context.Context, v *visit, id, why string) (string, error) {
	limits, err := readLimits(v.form.Get("limits"))
	if err != nil {
		return "", &client.Problem{Status: http.StatusUnprocessableEntity, Title: "The limits cannot be read", Detail: err.Error() + ". Nothing was done."}
	}
	var value any
	said := "The campaign has no limit of its own any more; those of lanes and accounts hold."
	if len(limits) > 0 {
		value, said = limits, "The campaign's own limit is "+limitsText(limits)+" now, within about a second."
	}
	_, err = v.Patch(ctx, id, map[string]any{"throttle": value}, why)
	return said, err
}

func readLimits(text string) (limits []campaign.Limit, err error) {
	for field := range strings.FieldsFuncSeq(text, func(c rune) bool { return c == ',' || c == ' ' }) {
		l, bad := campaign.ParseLimit(field)
		limits, err = append(limits, l), errors.Join(err, bad)
	}
	return limits, err
}

func limitsText(limits []campaign.Limit) string {
	texts := make([]string, len(limits))
	for i, l := range limits {
		texts[i] = l.String()
	}
	return strings.Join(texts, ", ")
}

// retryCampaign sends once more what came to nothing in a phase and, if one is named, for a
// reason.
func retryCampaign(ctx context.Context, v *visit, id, why string) (string, error) {
	order := retryOrder(v.form)
	expect := v.shown("expect")
	order.Reason, order.AsOf, order.Expect = why, v.shownAt("as_of"), &expect
	done, err := v.Retry(ctx, id, order)
	if err != nil {
		return "", err
	}
	return "Sent once more: " + count(done.Retried) + " messages, from the first leg." + leftOut(done), nil
}

// leftOut says what a retry does not take, and why.
func leftOut(r client.Retried) (text string) {
	for _, left := range []struct {
		n   int
		why string
	}{{r.Late, "were delivered after all"}, {r.Dropped, "no longer have their variables (retry_within)"}, {r.Used, "have had every try"}} {
		if left.n > 0 {
			text += fmt.Sprintf(" Left out: %s that %s.", count(left.n), left.why)
		}
	}
	return text
}
