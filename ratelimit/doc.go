// Package ratelimit keeps limits over all workers: slots, holds, gentle starts and
// the breaker. It says when a request may start; it never sends one.
//
// A scope (a lane, an account or a campaign) keeps the log of its last booked slots
// in Redis. One script books slots that suit several scopes together; Limits.Next is
// the same arithmetic in Go. A Pacer, one per lane and process, books slots for its
// waiting callers a lease at a time and hands them out.
//
// How the promise "never more than N in any window W, whichever worker sends" is kept:
//
//   - A slot is granted at most 41 ms before it begins. It is given up 10 ms after that,
//     and with its lease, 45 ms after it was granted. A hold therefore stops every worker
//     within 45 ms, which leaves 5 of the 50 ms that a provider may see after its answer
//     for the way of that answer to Redis.
//   - Windows, and the spacing of slots, are computed for W + 20 ms: two requests still
//     lie W apart at the provider though each may start up to 10 ms late, and be held
//     up for as long again on its way.
//   - The local clock is mapped to Redis' clock with both ends of the round trip. A slot
//     begins by the later mapping and is given up by the earlier one; so a slow answer
//     or a stalled process loses slots and never bunches them.
//
// Who must come again for slots is told a turn of its own, about 35 ms long, at the
// scope that is at its limit; who needs less than a lease while others wait for turns
// comes after them, and more rarely the less it takes, as long as no slot is lost for
// it: with few requests at work that take long, a lane is then shared as finely as it
// needs. So a lane at its limit costs 29 calls a second and some more for every
// worker that cannot use whole leases, and all get their shares in turns. A lease holds
// slots also for callers who are expected while it lasts. Where there is room a process
// gathers its callers for 20 ms: at most 50 calls a second. Without limits a lease lets
// everybody start for 35 ms, at some 30 calls a second; without callers there are none.
//
// After any hold the script grants one slot, and twice as many with each block whose
// results were all good. The breaker only says that a lane is sick and never lets a
// request through or stops one, for two mechanisms of recovery would fight.
package ratelimit
