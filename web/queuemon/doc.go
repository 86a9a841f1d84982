// Package queuemon shows asynq's own view of the queues, by asynqmon, behind our login.
//
// It is read-only for everybody, admins among them. What asynqmon can do to a queue
// (pause, delete, archive, run, cancel) would go round the one door: a job that is
// deleted there is queued again after 30 s, a queue that is paused there makes lanes
// stand still without a reason, a name or a line in the journal, and its buttons for
// all tasks of a queue are one script that keeps Redis from everything else for
// seconds. Lanes and campaigns are paused where Cascade's own pages do so. To let
// admins act here was the alternative; nobody needs it, since nothing depends on
// asynq's archive and retry set.
//
// Payloads are not shown but those of Cascade's own jobs, which name an attempt and
// nothing of a person; what other services enqueue holds numbers. The page asks no host
// but its own: the links to a public host's typefaces are taken out of it, and its
// content security policy allows no other. A task's id, type and queue are shown as
// whoever enqueued it chose them.
//
// asynqmon shows what was put on the queues, which is the look-ahead alone. What stands
// in line behind it is shown by Cascade's own page of the queues.
package queuemon
