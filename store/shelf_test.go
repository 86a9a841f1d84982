package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/store/redistest"
)

func TestAShelfGrowsWithHaste(t *testing.T) {
	var s shelves
	now := time.Unix(1_800_000_000, 0)
	var asked []int
	round := func(pause time.Duration) {
		now = now.Add(pause)
		found, n, _ := s.take("q", now)
		if found.id != "" {
			t.Fatalf("there is %q on an empty shelf", found.id)
		}
		asked = append(asked, n)
		s.fill("q", nil, now)
	}
	for range 8 {
		round(time.Millisecond)
	}
	for range 4 {
		round(time.Second)
	}
	if want := []int{1, 2, 4, 8, 16, 32, 64, 64, 32, 16, 8, 4}; !slices.Equal(asked, want) {
		t.Errorf("asked for %v, want %v", asked, want)
	}
}

func TestTheNextAreFetchedWhileTheLastAreHandedOut(t *testing.T) {
	var s shelves
	now := time.Unix(1_800_000_000, 0)
	for range 3 {
		s.take("q", now)
		s.fill("q", nil, now)
	}
	s.fill("q", []task{{id: "1"}, {id: "2"}, {id: "3"}, {id: "4"}, {id: "5"}}, now)
	var got []string
	for range 5 {
		found, n, _ := s.take("q", now)
		got = append(got, found.id+"/"+strconv.Itoa(n))
	}
	if want := []string{"1/0", "2/0", "3/8", "4/0", "5/0"}; !slices.Equal(got, want) {
		t.Errorf("task and how many to fetch: %v, want %v", got, want)
	}
}

// Who comes while the last tasks of a queue are on their way to the shelf waits for them:
// the queue itself is empty by then, and its bell rings for nobody.
func TestWhoFindsTheShelfEmptyWaitsForWhatIsComing(t *testing.T) {
	var s shelves
	now := time.Unix(1_800_000_000, 0)
	s.fill("q", []task{{id: "1"}}, now)
	if found, n, _ := s.take("q", now); found.id != "1" || n == 0 {
		t.Fatalf("took %q and asks for %d more, want 1 and some", found.id, n)
	}
	_, n, coming := s.take("q", now)
	if n != 0 || coming == nil {
		t.Fatalf("asks for %d, and waits %t; want to wait for those that are coming", n, coming != nil)
	}
	s.fill("q", []task{{id: "2"}}, now)
	<-coming
	if found, _, _ := s.take("q", now); found.id != "2" {
		t.Errorf("took %q, want 2", found.id)
	}
	_, _, coming = s.take("q", now)
	s.close()
	if coming != nil {
		<-coming
	}
	if found, n, coming := s.take("q", now); found.id != "" || n != 0 || coming != nil {
		t.Errorf("after the end: %q, %d, %t", found.id, n, coming != nil)
	}
}

func TestEveryTaskIsHandedOutOnce(t *testing.T) {
	t.Parallel()
	redistest.Each(t, func(t *testing.T, client redis.UniversalClient) {
		const tasks = 500
		queues := NewQueueClient(client, QueueOptions{})
		err := Together(t.Context(), func(ctx context.Context) error {
			for i := range tasks {
				_, err := asynq.NewClientFromRedisClient(queues).EnqueueContext(ctx, asynq.NewTask("job", nil), asynq.Queue("lane"), asynq.TaskID(strconv.Itoa(i)))
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		seen := map[string]int{}
		startServer(t, queues, "lane", 8, func(ctx context.Context, _ *asynq.Task) error {
			id, _ := asynq.GetTaskID(ctx)
			mu.Lock()
			defer mu.Unlock()
			seen[id]++
			return nil
		})
		waitUntil(t, "all tasks to be done", func() bool { return depthOf(t, client, "lane") == Depth{} })
		for i := range tasks {
			if n := seen[strconv.Itoa(i)]; n != 1 {
				t.Errorf("task %d ran %d times", i, n)
			}
		}
	})
}

// What nobody has begun when the client is released goes back, in its order.
func TestAReleaseEmptiesTheShelf(t *testing.T) {
	t.Parallel()
	redistest.Each(t, func(t *testing.T, client redis.UniversalClient) {
		queues := NewQueueClient(client, QueueOptions{})
		for i := range 9 {
			enqueueOne(t, t.Context(), client, "lane", fmt.Sprint("task", i))
		}
		keys := dequeueKeys("lane")
		begin := asynq.NewServerFromRedisClient(queues, asynq.Config{Queues: map[string]int{"lane": 1}, Concurrency: 1, LogLevel: asynq.FatalLevel})
		taken := make(chan string)
		hold := make(chan struct{})
		if err := begin.Start(asynq.HandlerFunc(func(ctx context.Context, _ *asynq.Task) error {
			id, _ := asynq.GetTaskID(ctx)
			taken <- id
			<-hold
			return nil
		})); err != nil {
			t.Fatal(err)
		}
		first := receive(t, "the first task", taken)
		queues.shelves.mu.Lock()
		queues.shelves.shelf("lane").many, queues.shelves.shelf("lane").filled = 4, time.Now().Add(time.Hour)
		queues.shelves.mu.Unlock()
		hold <- struct{}{}
		second := receive(t, "the second task", taken)
		waitUntil(t, "the shelf to be full", func() bool { return depthOf(t, client, "lane").Active > 1 })
		queues.Release()
		close(hold)
		begin.Shutdown()
		waitUntil(t, "the rest to be pending", func() bool { return depthOf(t, client, "lane") == Depth{Pending: 7} })
		order, err := client.LRange(t.Context(), keys[0], 0, -1).Result()
		if err != nil {
			t.Fatal(err)
		}
		slices.Reverse(order)
		if want := []string{"task2", "task3", "task4", "task5", "task6", "task7", "task8"}; first != "task0" || second != "task1" || !slices.Equal(order, want) {
			t.Errorf("%s and %s were taken, then %v wait; want task0, task1, then %v", first, second, order, want)
		}
	})
}
