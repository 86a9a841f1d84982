// Package worker takes jobs from the lanes' queues and sends them: it waits for its
// slot, claims the message, makes one request at the slot, and tells the door what
// came of it.
//
// Some jobs are questions: what became of a request whose answer was lost, or of which no
// receipt came. They go over the lane at its pace, can report, and never send.
//
// The record decides, not the queue: a job that comes twice, late or after its message
// moved finds that its ticket is no longer valid, and does nothing.
package worker
