package ratelimit

import "strconv"

// All keys share one hash tag, so that one script can book in several scopes.
const tag = "cascade:{pace}:"

func (s Scope) key(what string) string { return tag + string(s.Kind) + ":" + s.Name + ":" + what }

func (s Scope) state() string { return s.key("state") } // hash: holds, gentle start, turn, count of the second
func (s Scope) log() string   { return s.key("log") }   // list: the last booked slots, µs

// reportKey marks a report of a gentle start as taken.
func reportKey(mark uint64) string { return tag + "report:" + strconv.FormatUint(mark, 36) }

// keys are the state and the log of each scope.
func (ss scopes) keys() []string {
	keys := make([]string, 0, 2*len(ss))
	for _, s := range ss {
		keys = append(keys, s.state(), s.log())
	}
	return keys
}
