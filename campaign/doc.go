// Package campaign holds the nouns of Cascade and the reading of them: campaigns
// and their routes, recipients from CSV, messages and attempts with their computed
// ids, receipts, limits, placeholders and SMS segments.
//
// It stands on the ground floor. It knows no clock, no Redis, no provider and no
// queue: time is told to it, and everything it reads comes from an io.Reader.
package campaign
