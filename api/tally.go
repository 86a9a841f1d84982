package api

import (
	"cmp"
	"slices"
)

// CallbackResult is what became of a callback, or of something in it.
type CallbackResult uint8

// The results. Each callback that came whole is exactly one of the first five; what is in it
// may count besides.
const (
	CallbackApplied     CallbackResult = iota // all that it says has had its effect
	CallbackUnreadable                        // kept raw, at least in part
	CallbackRefused                           // wrong secret, no such account, or not what it requires besides
	CallbackTooLarge                          // over provider.MaxCallback
	CallbackUnavailable                       // the ledger could not be reached: it will be sent again

	ReceiptOrphaned // no message of this account claims it
	ReceiptParked   // its attempt is not known yet
	ReceiptUndefined
	InboundMessage
	OptOut
	resultCount
)

var resultNames = [resultCount]string{
	"applied", "unreadable", "refused", "too_large", "unavailable",
	"orphaned", "parked", "undefined", "inbound", "opt_out",
}

func (r CallbackResult) String() string { return resultNames[r] }

// CallbackCount is how often callbacks of an account came to a result since the
// process started.
type CallbackCount struct {
	Account string // "": of no account that there is
	Result  CallbackResult
	N       uint64
}

// Callbacks counts what came in, by account, the zeros as well.
func (s *Server) Callbacks() []CallbackCount {
	var list []CallbackCount
	add := func(a *account) {
		for r := range resultCount {
			list = append(list, CallbackCount{a.name, r, a.counts[r].Load()})
		}
	}
	add(s.stranger)
	for _, a := range s.accounts {
		add(a)
	}
	slices.SortFunc(list, func(a, b CallbackCount) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Result, b.Result))
	})
	return list
}
