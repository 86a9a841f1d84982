package api

import (
	"fmt"
	"math/bits"
	"slices"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// Story is all that is known of a message, as data and as plain sentences.
type Story struct {
	Line
	Row       uint32     `json:"line,omitempty"` // of the file that it came from
	Scheduled time.Time  `json:"scheduled_at"`
	Due       time.Time  `json:"due_at,omitzero"` // in line: not before this
	Sentences []Sentence `json:"story"`
}

// Sentence is one thing that happened. Without a time it happened after the one before.
type Sentence struct {
	At   time.Time `json:"at,omitzero"`
	Text string    `json:"text"`
}

// NewStory tells a record. The codes explain the reasons; they may be nil.
func NewStory(c *campaign.Campaign, r *fallback.Record, whole bool, codes Codes) Story {
	return Story{Line: NewLine(c, r, whole, codes), Row: r.Row.Line, Scheduled: r.Time, Due: r.Due, Sentences: Sentences(c, r, codes)}
}

// Sentences tell a message's life in its order, and last where it stands. They hold no
// number and no text.
func Sentences(c *campaign.Campaign, r *fallback.Record, codes Codes) []Sentence {
	t := &teller{campaign: c, record: r, codes: codes}
	t.beginning()
	for i := range r.History {
		t.attempt(&r.History[i])
	}
	if !r.Closed.IsZero() {
		t.say(r.Closed, "The message was closed as %s%s.", r.State.Phase, t.meaning())
	}
	list := t.inOrder()
	return append(list, t.end()...)
}

type teller struct {
	campaign *campaign.Campaign
	record   *fallback.Record
	codes    Codes
	said     []Sentence
}

func (t *teller) say(at time.Time, text string, about ...any) {
	t.said = append(t.said, Sentence{at, fmt.Sprintf(text, about...)})
}

func (t *teller) beginning() {
	from := "It was taken in"
	if t.record.Row.Line > 0 {
		from = fmt.Sprintf("It was read from line %d of a file", t.record.Row.Line)
	}
	t.say(time.Time{}, "%s, to be sent from %s on.", from, t.record.Time.UTC().Format("2006-01-02 15:04:05 UTC"))
}

func (t *teller) attempt(a *fallback.Attempt) {
	leg := t.campaign.Route[a.Leg]
	place := leg.Channel.String() + " over " + leg.Account
	if a.Try > 0 {
		place += fmt.Sprintf(", try %d", a.Try+1)
	}
	t.say(a.Claimed, "A worker took it, to send it on %s.", place)
	if len(leg.Chain) > 0 {
		t.say(time.Time{}, "The provider was given the whole route, and falls back by itself.")
	}
	if a.Throttled > 0 {
		t.say(time.Time{}, "The provider asked %s to slow down (429). It went back to its line, and no attempt was used up.", often(int(a.Throttled)))
	}
	if a.Deferred > 0 {
		t.say(time.Time{}, "The provider asked %s to try again later. It went back to its line each time.", often(int(a.Deferred)))
	}
	if !a.Answered.IsZero() && !overtaken(a) {
		t.say(a.Answered, "The provider accepted it on %s.", leg.Channel)
	}
	if text := doubts[a.Doubt]; text != "" {
		t.say(time.Time{}, "%s", text)
	}
	if a.Resent > 0 {
		t.say(time.Time{}, "For that it was sent again %s, under the same id.", often(int(a.Resent)))
	}
	if a.Parts > 1 {
		t.say(time.Time{}, "%d of the %d parts of the SMS arrived.", bits.OnesCount64(a.Arrived), a.Parts)
	}
	t.news(a, leg)
}

// overtaken says whether the receipt of a delivery came before the provider's answer to the
// request, as far as there was one.
func overtaken(a *fallback.Attempt) bool {
	return a.Best >= fallback.FactDelivered && a.Doubt == fallback.NoDoubt && (a.Answered.IsZero() || a.Answered.After(a.Reported))
}

// often is a count in words.
func often(times int) string {
	switch times {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", times)
}

// news is how an attempt ended: badly, well, or first one and then the other.
func (t *teller) news(a *fallback.Attempt, leg campaign.Leg) {
	reached := a.Best >= fallback.FactDelivered
	if a.End != fallback.NoEnd {
		at := a.Reported
		if reached {
			at = time.Time{} // it is that of the better news
		}
		text := ends[a.End]
		if a.End == fallback.TimedOut {
			text += " within " + campaign.FormatDuration(leg.Wait)
		}
		if a.Reason != "" {
			text += ": " + a.Reason
		}
		place := "On " + leg.Channel.String()
		if len(leg.Chain) > 0 {
			place = "Over the provider's chain"
		}
		t.say(at, "%s %s.", place, text)
		if code := t.codes.of(t.campaign, a); code.Meaning != "" && !reached {
			t.say(time.Time{}, "That means: %s. What to do: %s.", code.Meaning, code.Mend)
		}
	}
	place := "On " + leg.Channel.String()
	switch {
	case a.Reached != 0:
		place = "On " + a.Reached.String()
	case len(leg.Chain) > 0:
		place = "On a channel that was not told"
	}
	switch {
	case a.Best == fallback.FactRead:
		t.say(a.Reported, "%s it was delivered, and the person read it.", place)
	case reached:
		t.say(a.Reported, "%s it was delivered.", place)
	}
	if overtaken(a) {
		t.say(time.Time{}, "That was told before the provider had answered the request.")
	}
}

// meaning is what it means that the message was closed so; "" where that was said already.
func (t *teller) meaning() string {
	s := t.record.State
	switch early := int(s.Leg)+1 < len(t.campaign.Route); {
	case s.Phase != fallback.Failed || !early:
		return closes[s.Phase]
	case s.Marks.Has(fallback.Final):
		return ": its campaign was cancelled, so no other channel was tried"
	}
	return ": what stopped it holds on every channel, so no other was tried"
}

// closes is what a phase means in which a message was closed, where its attempts do not
// tell.
var closes = map[fallback.Phase]string{
	fallback.Unconfirmed: ": nothing said in time whether it arrived",
	fallback.Expired:     ": its time was over before its turn came",
	fallback.Cancelled:   ": its campaign was cancelled",
	fallback.Suppressed:  ": the person wants nothing more",
}

var doubts = map[fallback.Doubt]string{
	fallback.InDoubt:        "Whether the provider took it is unknown.",
	fallback.DoubtByReceipt: "Whether the provider took it was unknown for a while; a receipt, or a late answer, told.",
	fallback.DoubtByAsking:  "Whether the provider took it was unknown for a while; the provider was asked, or was sent the same again, and told.",
	fallback.DoubtByPolicy:  "Whether the provider took it was unknown and nothing told; the campaign's policy decided.",
}

var ends = map[fallback.End]string{
	fallback.Refused:     "the provider refused it",
	fallback.Undelivered: "it could not be delivered",
	fallback.Lapsed:      "it expired at the provider",
	fallback.Rejected:    "it was rejected",
	fallback.TimedOut:    "nothing said that it was delivered",
}

// inOrder sorts what was said by time; what has no time stays behind what it followed.
func (t *teller) inOrder() []Sentence {
	type placed struct {
		Sentence
		at time.Time
	}
	list := make([]placed, len(t.said))
	var at time.Time
	for i, s := range t.said {
		if !s.At.IsZero() {
			at = s.At
		}
		list[i] = placed{s, at}
	}
	slices.SortStableFunc(list, func(a, b placed) int { return a.at.Compare(b.at) })
	sorted := make([]Sentence, len(list))
	for i, p := range list {
		sorted[i] = p.Sentence
	}
	return sorted
}

// end says what the marks mean, and what an open message waits for.
func (t *teller) end() []Sentence {
	t.said = nil
	s := t.record.State
	leg := t.campaign.Route[s.Leg]
	if s.Marks.Has(fallback.Overlap) {
		t.say(time.Time{}, "More than one channel was sent to: an overlap, which costs twice.")
	}
	if s.Marks.Has(fallback.Late) {
		t.say(time.Time{}, "The news of its delivery came after the close: it is marked late, and never tried again.")
	}
	if s.Marks.Has(fallback.Erased) {
		t.say(time.Time{}, "The person's data was erased on request.")
	}
	if s.Marks.Has(fallback.Final) && s.Phase.Open() {
		t.say(time.Time{}, "Its campaign was cancelled: %s is its last channel.", leg.Channel)
	}
	switch s.Phase {
	case fallback.Scheduled:
		t.say(time.Time{}, "It is in line for its time and turn on %s.", leg.Lane())
	case fallback.Queued:
		t.say(time.Time{}, "Its job is on the queue of %s.", leg.Lane())
	case fallback.Sending:
		t.say(time.Time{}, "A worker may be talking to the provider.")
	case fallback.Unknown:
		t.say(time.Time{}, "It waits for what the provider says of it, for at most %s.", campaign.FormatDuration(leg.Wait))
	case fallback.Waiting:
		t.say(time.Time{}, "It waits for a receipt, for at most %s.", campaign.FormatDuration(leg.Wait))
	}
	return t.said
}
