// Package scheduler keeps lines and clock moving. It feeds each lane's queue from the
// lines, a little ahead and in turns between campaigns, and rings the clock: it tells
// every message whose alarm is due. It moves nothing itself; all of that goes through
// the door.
//
// Any number of schedulers may run. One acts, by a lease of three seconds, and two
// that both believe they have it for a moment do no harm.
package scheduler
