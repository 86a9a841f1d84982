// Package metrics counts what Cascade does, and shows it to Prometheus.
//
// It counts where the truth is: a Ledger of its own stands around the real one and counts
// what that has saved, so no move is counted that was only tried. What is the same for the
// whole fleet (lines, clocks, limits, queues, books) is read from Redis when somebody
// scrapes, and kept for a moment, so that many who scrape cost little.
//
// Every metric stands in catalogue.go, with its labels and its help. Labels are lanes,
// accounts, queues, and words of fixed lists: never a campaign, a message or a person.
// The packages that do the work know nothing of Prometheus; they are handed a function or
// an interface of one method.
package metrics
