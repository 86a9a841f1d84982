//go:build proof && linux

package main

import "time"

// stalls measures for how long a process must wait for its turn on this machine, at
// worst, until the function that it gives is called.
func (l *lab) stalls() (longest func() time.Duration) {
	stop, answer := make(chan struct{}), make(chan time.Duration, 1)
	l.Cleanup(func() { close(stop) })
	asked := make(chan struct{})
	go func() {
		const step = time.Millisecond
		ticker := time.NewTicker(step)
		defer ticker.Stop()
		var most time.Duration
		for last := time.Now(); ; {
			select {
			case <-ticker.C:
				now := time.Now()
				most, last = max(most, now.Sub(last)-step), now
			case <-asked:
				answer <- most
				return
			case <-stop:
				return
			}
		}
	}()
	return func() time.Duration {
		close(asked)
		return <-answer
	}
}
