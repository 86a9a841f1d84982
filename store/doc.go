// Package store is the ledger in Redis: each campaign's records with their lines,
// clock, counts and control, moved by scripts that compare and set; the register of
// campaigns; imports; suppressions; and the client that asynq works on.
//
// Keys are built in keys.go and nowhere else, scripts stand in lua/. All keys of one
// message lie in one Redis Cluster slot, so that one script can move it.
package store
