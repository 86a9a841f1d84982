// Package webhook posts letters to receivers outside: what became of messages, and what
// people wrote. A letter lies in a box, which is part of the ledger, until its receiver has
// taken it: so it comes at least once, perhaps twice, in no order that is promised, and its
// id tells the receiver that it came before. Letters are signed in the Standard Webhooks
// form (https://www.standardwebhooks.com).
//
// Each receiver has a courier of its own, so that one that is slow or dead keeps no other
// from its letters. The package knows neither records nor Redis: Boxes gives it letters
// that are written when they are sent.
package webhook
