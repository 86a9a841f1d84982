package main

import (
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
)

// faultVariable names a fault for tests of crash safety: "stop@claimed" freezes the
// process by SIGSTOP right after a claim was made durable and before its request,
// "kill@answered:3" kills it by SIGKILL when the third answer has come and nothing of
// it is recorded. The points are those of the worker.
const faultVariable = "CASCADE_FAULT"

// faults makes the function that brings the fault about, or nil without one.
func faults(text string) func(point string) {
	what, where, found := strings.Cut(text, "@")
	if !found {
		return nil
	}
	point, nth, _ := strings.Cut(where, ":")
	n, err := strconv.ParseInt(nth, 10, 64)
	if err != nil || n < 1 {
		n = 1
	}
	signal := syscall.SIGSTOP
	if what == "kill" {
		signal = syscall.SIGKILL
	}
	var seen atomic.Int64
	return func(at string) {
		if at == point && seen.Add(1) == n {
			_ = syscall.Kill(syscall.Getpid(), signal)
		}
	}
}
