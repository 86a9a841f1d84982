// Package fallback decides what becomes of a message. It holds the machine, a table
// of rows in Step, which knows no clock, no Redis and no provider; and the one door,
// Door.Advance, through which every event reaches a message: load the record, ask
// the machine, save, perform the effects.
//
// What it needs of storage and of the queue it names as two small interfaces,
// Ledger and Queue.
package fallback
