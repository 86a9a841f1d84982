//go:build proof && linux

package main

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/fallback"
)

// leaseKey is where the schedulers agree on who acts.
const leaseKey = "cascade:{scheduler}:lease"

// proveDoubles lets everything be there twice: each job is put on its queue again, by
// hand and under other names, and two schedulers both believe that they act.
func proveDoubles(t *testing.T, binary string) {
	people := sized(10_000, 2_000)
	l := newLab(t, binary, setup{account: "300/1s", scenario: lively()})
	const id = "doubles"
	run := l.run(l.file("doubles.yaml", sample(id, 5*time.Second, 4*time.Second, 4*time.Second)), l.file("people.csv", rows(people, nil)))
	l.scheduler()
	l.worker("one", "")
	l.worker("two", "")
	d := &doubler{lab: l, admin: l.redis.Admin(t), client: asynq.NewClientFromRedisClient(l.clients.Client),
		inspector: asynq.NewInspectorFromRedisClient(l.clients.Client), seen: map[string][]byte{}, holders: map[string]bool{}}
	run.mayEnd.Store(true)
	l.until("the run to end", time.Duration(people)*20*time.Millisecond+2*time.Minute, func() bool {
		d.double()
		d.lease()
		return run.hasEnded()
	})
	l.finished(run, time.Minute)
	l.told()
	before, copies := l.stats().Requests, d.copies
	late := d.again()
	if after := l.stats().Requests; after != before {
		t.Errorf("jobs that came again after the end made %d requests, want none", after-before)
	}
	if copies == 0 || len(d.holders) < 2 {
		t.Errorf("%d jobs were doubled, and %d schedulers had the lease: want some, and 2", copies, len(d.holders))
	}
	log := l.log()
	j := l.judge(log)
	l.settled(id, people, log)
	l.proved("doubles: %d people, %d jobs put on their queues again while they waited and %d after the end, %d schedulers, lease taken from them %d times: requests %d, second requests 0",
		people, copies, late, len(d.holders), d.taken, j.requests)
}

// doubler does by hand what should happen once only.
type doubler struct {
	*lab
	admin     *redis.Client // no process of ours may take a lease away
	client    *asynq.Client
	inspector *asynq.Inspector
	seen      map[string][]byte // payloads by task
	holders   map[string]bool
	copies    int
	taken     int
}

// double puts the jobs that wait now on their queues again, once each.
func (d *doubler) double() {
	d.Helper()
	for _, queue := range queues {
		tasks, err := d.inspector.ListPendingTasks(queue, asynq.PageSize(50))
		if err != nil {
			continue // nobody has used the queue yet
		}
		for _, task := range tasks {
			if _, known := d.seen[queue+"/"+string(task.Payload)]; known {
				continue
			}
			d.seen[queue+"/"+string(task.Payload)] = task.Payload
			d.enqueue(queue, task.Payload)
		}
	}
}

func (d *doubler) enqueue(queue string, payload []byte) {
	d.Helper()
	d.copies++
	name := fmt.Sprintf("double%d", d.copies)
	if _, err := d.client.Enqueue(asynq.NewTask(fallback.JobType, payload), asynq.Queue(queue), asynq.TaskID(name)); err != nil {
		d.Fatal(err)
	}
}

// lease takes the lease from whoever has it.
func (d *doubler) lease() {
	holder, err := d.admin.GetDel(d.Context(), leaseKey).Result()
	if err != nil && !errors.Is(err, redis.Nil) {
		d.Fatal(err)
	}
	if err == nil {
		d.holders[holder] = true
		d.taken++
	}
}

// again puts every job that was ever seen on its queue once more, and waits until the
// workers have taken all of them.
func (d *doubler) again() int {
	d.Helper()
	for key, payload := range d.seen {
		d.enqueue(key[:len(key)-len(payload)-1], payload)
	}
	d.until("the workers to have taken every job", time.Minute, func() bool { return d.jobs() == 0 })
	return len(d.seen)
}
