package infobip

import (
	"strconv"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/provider/providertest"
)

// mostKept is how many bytes of a reason a message's record keeps.
const mostKept = 64

// Every row is whole: named, explained, and short enough to be read in a message's story.
func TestRegistryIsWhole(t *testing.T) {
	check := func(what string, id int, v verdict) {
		words := v.words(what, id)
		if v.name == "" || v.outcome.Kind == 0 || v.meaning == "" {
			t.Errorf("%s %d: %+v lacks its name, outcome or meaning", what, id, v)
		}
		if words == "" && v.outcome.Kind != provider.Accepted {
			t.Errorf("%s %d says no, and not what to do about it", what, id)
		}
		if len(words) > mostKept || words != provider.Reason(words) {
			t.Errorf("%s %d: %q has %d bytes, or is no reason; want at most %d", what, id, words, len(words), mostKept)
		}
	}
	for c, v := range statuses {
		check("status", c.id, v)
		if v.receipt == campaign.ReceiptUnknown {
			t.Errorf("status %d has no receipt", c.id)
		}
	}
	for id, v := range errorCodes {
		check("error", id, v)
		if !strings.HasPrefix(v.name, "EC_") {
			t.Errorf("error %d is called %q", id, v.name)
		}
	}
	for id, v := range groups {
		if v.name == "" || v.outcome.Kind == 0 || v.receipt == 0 || v.meaning == "" {
			t.Errorf("group %d: %+v is not whole", id, v)
		}
	}
}

// The contract's rows, by what they oblige us to.
func TestEveryListedCode(t *testing.T) {
	for want, ids := range map[provider.Outcome][]int{
		accepted:     {23},
		refused:      {6, 19, 20, 24, 25, 87},
		invalid:      {8, 51, 52},
		optedOut:     {10, 14},
		wrongLane:    {11, 13},
		wrongAccount: {12, 17, 18},
		unavailable:  {21, 100},
	} {
		for _, id := range ids {
			if got := statuses[code{5, id}].outcome; got != want {
				t.Errorf("status %d: %+v, want %+v", id, got, want)
			}
		}
	}
	for want, ids := range map[provider.Outcome][]int{
		accepted:    {7280, 5492},
		throttled:   {7017},
		optedOut:    {7003, 7033, 603, 573, 604, 2052, 2050, 2049},
		wrongLane:   {7016, 7011, 7019, 7021, 7034, 7038, 7081, 7083, 7004},
		unavailable: {7013, 7014, 7036, 7050, 7051, 7012},
		refused: {7002, 7005, 7201, 7020, 7025, 7030, 7032, 7026, 7010, 7008, 7009, 7018, 7006, 7022, 7027,
			1, 3041, 11, 629, 9, 568, 569, 6, 27, 31, 256, 4101, 4098, 581, 4103, 4104},
	} {
		for _, id := range ids {
			if got := errorCodes[id].outcome; got != want {
				t.Errorf("error %d: %+v, want %+v", id, got, want)
			}
		}
	}
}

func TestVerdicts(t *testing.T) {
	status := func(group, id int) *coded {
		return &coded{provider.Word(strconv.Itoa(group)), provider.Word(strconv.Itoa(id)), "ITS_NAME", "its words"}
	}
	failed := func(id int, name provider.Word) *coded {
		return &coded{"1", provider.Word(strconv.Itoa(id)), name, "why"}
	}
	for _, c := range []struct {
		name    string
		report  report
		receipt campaign.ReceiptKind
		kind    provider.Kind
		words   string
	}{
		{"delivered", report{status(3, 5), failed(0, "NO_ERROR")}, isDelivered, provider.Accepted, ""},
		{"delivered to the operator", report{status(3, 2), nil}, isDelivered, provider.Accepted, "status 2 with the operator: no proof from handsets here"},
		{"pending, unknown id", report{status(1, 77), nil}, isAccepted, provider.Accepted, ""},
		{"pending with an error", report{status(1, 7), failed(7033, "EC_MARKETING_OPT_OUT")}, isSent, provider.Accepted, ""},
		{"undeliverable, known error", report{status(2, 4), failed(7032, "EC_FREQUENCY_CAPPING")}, isUndeliverable, provider.Refused, "error 7032 too much marketing to them: wait 24 h"},
		{"undeliverable, error without a name", report{status(2, 9), failed(7003, "")}, isUndeliverable, provider.OptedOut, "error 7003 blocked or opted out: do not send"},
		{"undeliverable, another product's error", report{status(2, 9), failed(1, "SOMETHING_ELSE")}, isUndeliverable, provider.Refused, "error 1 SOMETHING_ELSE: why"},
		{"undeliverable, unknown error", report{status(2, 4), failed(7999, "EC_NEW")}, isUndeliverable, provider.Refused, "error 7999 EC_NEW: why"},
		{"undeliverable, unknown id", report{status(2, 77), nil}, isUndeliverable, provider.Refused, "status 77 ITS_NAME: its words"},
		{"expired", report{status(4, 15), nil}, isExpired, provider.Refused, "status 15 not delivered in time: a longer wait may help"},
		{"expired, nothing known", report{status(4, 29), nil}, isExpired, provider.Unknown, "status 29 no report ever came: ask Infobip if many"},
		{"fraud, expired", report{status(4, 87), nil}, isExpired, provider.Refused, "status 87 stopped as fraud: trust it in Signals if not"},
		{"rejected, and the status knows better than an unknown error", report{status(5, 12), failed(7999, "EC_NEW")}, isRejected, provider.Misconfigured, "status 12 no credit left: top up the account"},
		{"rejected, unknown id", report{status(5, 77), nil}, isRejected, provider.Refused, "status 77 ITS_NAME: its words"},
		{"our id twice", report{status(5, 23), failed(7999, "EC_NEW")}, isAccepted, provider.Accepted, "status 23 our id came before: the first call counts"},
		{"the request twice", report{status(5, 77), failed(7280, "EC_DUPLICATE_REQUEST")}, isAccepted, provider.Accepted, "error 7280 request came before: the first counts"},
		{"an id of another group", report{status(2, 5), nil}, isUndeliverable, provider.Refused, "status 5 ITS_NAME: its words"},
	} {
		v, words, ok := c.report.verdict()
		if !ok || v.receipt != c.receipt || v.outcome.Kind != c.kind || words != c.words {
			t.Errorf("%s: receipt %s, outcome %s, words %q, %t; want %s, %s, %q", c.name, v.receipt, v.outcome.Kind, words, ok, c.receipt, c.kind, c.words)
		}
	}
	for name, r := range map[string]report{
		"none": {}, "no group": {Status: &coded{ID: "5"}}, "a group that is no number": {Status: &coded{GroupID: "true", ID: "5"}}, "unknown group": {Status: status(6, 5)}, "negative group": {Status: status(-1, 5)},
	} {
		if v, words, ok := r.verdict(); ok || words != "" || v != (verdict{}) {
			t.Errorf("%s: %+v, %q; want no verdict", name, v, words)
		}
	}
}

func FuzzAnswer(f *testing.F) { providertest.FuzzAnswer(f, outcome, secret) }
