package provider

import (
	"errors"
	"fmt"

	"github.com/seed-438792ba/cascade/campaign"
)

// ErrContent is the error of a content that its channel has no request for.
var ErrContent = errors.New("this channel cannot carry this content")

// ErrSimulation is the error of a leg that is to be simulated by a provider that
// documents nothing of the kind: it would be sent for real.
var ErrSimulation = errors.New("this provider has no simulation: remove it from the leg, or rehearse with cascade simulate")

// NoChannel is the error of a channel for which the account has no sender.
func NoChannel(c campaign.Channel) error {
	return fmt.Errorf("the account has no %s: add its block to the configuration", c)
}

// Unfit is the error of one person's value that no request can carry: another person's
// may be sent. Its text says which value it is, and does not quote it.
func Unfit(format string, args ...any) error { return &unfit{fmt.Sprintf(format, args...)} }

type unfit struct{ words string }

func (e *unfit) Error() string { return e.words }

// Unsendable is the outcome of an attempt that has no request: Refused where the
// person's values are Unfit, or else Misconfigured, for then the campaign or the
// configuration is wrong, not the person.
func Unsendable(err error) Outcome {
	if personal := (*unfit)(nil); errors.As(err, &personal) {
		return Outcome{Kind: Refused, Reason: Reason(err.Error())}
	}
	return Outcome{Kind: Misconfigured, Scope: LaneScope, Reason: Reason(err.Error())}
}
