package simulator

import (
	"slices"
	"strconv"

	"github.com/seed-438792ba/cascade/campaign"
)

// Trick is what a destination that ends in these four digits meets.
type Trick struct {
	Tail string
	Does string

	fates [3]fate // on WhatsApp, RCS, SMS
}

// Magic lists the magic numbers. All else about such a message goes as the scenario
// says (latency, delays, limits, outages), but nothing is left to chance.
func Magic() []Trick { return slices.Clone(tricks) }

var tricks = []Trick{
	{"0001", "refused on every channel: invalid number",
		all(fate{refused: invalidNumber})},
	{"0002", "WhatsApp accepts and reports undeliverable; RCS and SMS deliver",
		each(fate{end: undeliverable}, fate{}, fate{})},
	{"0003", "WhatsApp and RCS accept and report undeliverable; SMS delivers",
		each(fate{end: undeliverable}, fate{end: undeliverable}, fate{})},
	{"0004", "accepted on every channel, and never a receipt",
		all(fate{end: silent})},
	{"0005", "WhatsApp is silent until a request of the same campaign comes on another channel, and then reports delivered, just before that channel does",
		each(fate{end: late}, fate{}, fate{})},
	{"0006", "the first request for each message is answered 429 with Retry-After; the next ones are taken, and it is delivered",
		all(fate{throttles: 1})},
	{"0007", "the first two requests for each message are answered with the provider's \"try later\" (Qlara and Kaleyra 500, Infobip REJECTED_SYSTEM_ERROR, WAB 400 with Meta's 131016 or send_failed); then it is taken and delivered",
		all(fate{tryLaters: 2})},
	{"0008", "taken and delivered, but the answer never comes: the connection is held until the caller leaves, or for the scenario's hold (1m), and then cut",
		all(fate{manner: neverAnswers})},
	{"0009", "delivered and read (where that is told), every receipt three times",
		all(fate{read: true, copies: 3})},
	{"0010", "delivered and read, all that is told in reverse order (an SMS with Qlara: its parts)",
		all(fate{read: true, reversed: true})},
	{"0011", "the receipt comes first: the HTTP answer waits until the callback was answered, at most 5 s",
		all(fate{manner: answersAfterNews})},
	{"0012", "delivered, and then the person answers STOP on the same channel",
		all(fate{optsOut: true})},
	{"0013", "accepted and reported undeliverable on every channel",
		all(fate{end: undeliverable})},
	{"0014", "delivered, then read where that is told (never of an SMS, and not by WAB)",
		all(fate{read: true})},
	{"0015", "taken and delivered, but the connection is cut instead of an answer and no receipt ever comes; who asks is told (Qlara)",
		all(fate{manner: cutsOff, untold: true})},
	{"0016", "the first request for each message is cut before it is taken; the next ones are taken, and it is delivered",
		all(fate{lost: cutOff})},
	{"0017", "taken and delivered, but answered 502, and no receipt ever comes; who asks is told (Qlara)",
		all(fate{manner: badAnswer, untold: true})},
	{"0018", "the first request for each message is answered 504 and is not taken; the next ones are taken, and it is delivered",
		all(fate{lost: timedOutBy})},
	{"0019", "taken, but the connection is cut instead of an answer, no receipt ever comes, and who asks is answered 503",
		all(fate{manner: cutsOff, end: silent, hidden: true})},
}

func all(f fate) [3]fate { return each(f, f, f) }

func each(whatsapp, rcs, sms fate) [3]fate { return [3]fate{whatsapp, rcs, sms} }

// trickNumber is the number of the trick that the destination asks for, or 0.
func trickNumber(to campaign.Destination) int {
	const digits = 4
	number := to.E164()
	if len(number) < digits {
		return 0
	}
	n, err := strconv.Atoi(number[len(number)-digits:])
	if err != nil || n < 1 || n > len(tricks) {
		return 0
	}
	return n
}
