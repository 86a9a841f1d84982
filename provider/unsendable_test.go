package provider

import (
	"errors"
	"fmt"
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
)

func TestUnsendable(t *testing.T) {
	t.Parallel()
	refused := func(reason string) Outcome { return Outcome{Kind: Refused, Reason: reason} }
	lane := func(reason string) Outcome {
		return Outcome{Kind: Misconfigured, Scope: LaneScope, Reason: reason}
	}
	for _, c := range []struct {
		err  error
		want Outcome
	}{
		{ErrContent, lane("this channel cannot carry this content")},
		{NoChannel(campaign.WhatsApp), lane("the account has no whatsapp: add its block to the configuration")},
		{errors.New("number +393401234567"), lane("number #")},
		{Unfit("parameter %d is empty", 2), refused("parameter 2 is empty")},
		{fmt.Errorf("template: %w", Unfit("too long")), refused("template: too long")},
	} {
		if got := Unsendable(c.err); got != c.want {
			t.Errorf("%v: %+v, want %+v", c.err, got, c.want)
		}
	}
}
