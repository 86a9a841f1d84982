package providertest

import (
	"errors"
	"fmt"
	"regexp"
	"unicode/utf8"

	"github.com/seed-438792ba/cascade/campaign"
)

var (
	digits = regexp.MustCompile(`\d{5,}`)
	number = regexp.MustCompile(`^\+[1-9]\d{7,14}$`)
)

// The most that a callback may make of itself. The largest that is documented has 2000
// reports; what is as long as a callback may be, and has the shortest of items, has more.
const (
	maxReceipts = 250_000
	maxError    = 16 << 10 // bytes
)

// CheckReceipts says what no callback may lead an adapter to, whatever is in it; it is
// for fuzz tests as well.
func CheckReceipts(receipts []campaign.Receipt, unreadable error) error {
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if unreadable != nil && digits.MatchString(unreadable.Error()) {
		wrong("the error quotes the callback: %q", unreadable)
	}
	if unreadable != nil && len(unreadable.Error()) > maxError {
		wrong("the error has %d bytes, want at most %d", len(unreadable.Error()), maxError)
	}
	if len(receipts) > maxReceipts {
		wrong("%d receipts in one callback, want at most %d", len(receipts), maxReceipts)
	}
	for _, r := range receipts {
		if r.Kind > campaign.ReceiptInbound {
			wrong("kind %d does not exist", r.Kind)
		}
		if utf8.RuneCountInString(r.Reason) > 80 || !utf8.ValidString(r.Reason) || digits.MatchString(r.Reason) {
			wrong("the reason %q is too long, no text, or shows a number", r.Reason)
		}
		if utf8.RuneCountInString(r.Text) > 4096 || !utf8.ValidString(r.Text) {
			wrong("the text is too long or no text")
		}
		if len(r.ProviderID) > 256 || !utf8.ValidString(r.ProviderID) {
			wrong("the id %q is too long or no text", r.ProviderID)
		}
		if r.Part < 0 || r.Part > r.Parts {
			wrong("part %d of %d", r.Part, r.Parts)
		}
		if inbound := r.Kind == campaign.ReceiptInbound; inbound != number.MatchString(r.From.E164()) {
			wrong("a receipt of kind %s is from %s", r.Kind, r.From)
		}
		if r.Kind != campaign.ReceiptInbound && r.ProviderID == "" && r.Attempt == (campaign.AttemptID{}) {
			wrong("a receipt of kind %s is about nothing", r.Kind)
		}
		if _, err := r.At.MarshalJSON(); err != nil {
			wrong("a receipt of %v cannot be kept: %w", r.At, err)
		}
		if r.Account != "" {
			wrong("the adapter set the account")
		}
	}
	return errors.Join(errs...)
}
