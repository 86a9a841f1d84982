package store

import (
	"sync"
	"time"
)

// A server of asynq's asks for one task after the other, a round trip each, whatever
// its concurrency: 10,000 a second with Redis beside it, and 400 with Redis 2.4 ms
// away. So while tasks are taken quickly, several are dequeued at once and kept on a
// shelf until they are asked for; the next ones are fetched while the last are handed
// out. What is on a shelf is in hand as far as asynq's other servers are concerned; so
// a shelf holds no more than what is gone in a moment, and a lane that takes its time
// has none.
const (
	shelfMost   = 64
	shelfMoment = 20 * time.Millisecond
)

// shelves are what one process has dequeued ahead, by queue.
type shelves struct {
	mu     sync.Mutex
	queues map[string]*shelf
	closed bool
}

type shelf struct {
	tasks   []task // the oldest first
	filled  time.Time
	many    int           // were asked for the last time
	filling chan struct{} // closed when those that were asked for are there; nil: none were
}

// take gives the next task of a queue, and says how many to ask for: without a task to
// wait for them, with one to fetch them meanwhile. Without either the next ones are on
// their way: they are there when coming closes.
func (s *shelves) take(queue string, now time.Time) (next task, ask int, coming <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return task{}, 0, nil
	}
	sh := s.shelf(queue)
	if len(sh.tasks) > 0 {
		next, sh.tasks = sh.tasks[0], sh.tasks[1:]
	}
	switch quick := now.Sub(sh.filled) <= shelfMoment; {
	case sh.filling != nil && next.id == "":
		return task{}, 0, sh.filling
	case sh.filling != nil, next.id != "" && (!quick || len(sh.tasks) > sh.many/2):
		return next, 0, nil
	case quick:
		sh.many = min(2*sh.many, shelfMost)
	default:
		sh.many = max(sh.many/2, 1)
	}
	sh.filling = make(chan struct{})
	return next, sh.many, nil
}

func (s *shelves) shelf(queue string) *shelf {
	if s.queues == nil {
		s.queues = map[string]*shelf{}
	}
	sh := s.queues[queue]
	if sh == nil {
		sh = &shelf{many: 1}
		s.queues[queue] = sh
	}
	return sh
}

// fill puts tasks on a queue's shelf, unless it is too late for that.
func (s *shelves) fill(queue string, tasks []task, now time.Time) (kept bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	sh := s.shelf(queue)
	sh.tasks, sh.filled = append(sh.tasks, tasks...), now
	if sh.filling != nil {
		close(sh.filling)
		sh.filling = nil
	}
	return true
}

// close gives what is on the shelves; nothing is put there any more.
func (s *shelves) close() map[string][]task {
	s.mu.Lock()
	defer s.mu.Unlock()
	left := map[string][]task{}
	for queue, sh := range s.queues {
		if len(sh.tasks) > 0 {
			left[queue] = sh.tasks
		}
		if sh.filling != nil {
			close(sh.filling) // who waits for them is told that the queue is empty
		}
	}
	s.closed, s.queues = true, nil
	return left
}
