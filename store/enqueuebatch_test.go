package store

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/store/redistest"
)

func TestBatchAnswersEveryTask(t *testing.T) {
	t.Parallel()
	redistest.Each(t, func(t *testing.T, plain redis.UniversalClient) {
		client := NewQueueClient(plain, QueueOptions{})
		enqueueOne(t, t.Context(), client, "a", "there already")
		batch := NewBatch()
		ctx := batch.Context(t.Context())
		enqueueOne(t, ctx, client, "a", "new")
		enqueueOne(t, ctx, client, "a", "there already")
		enqueueOne(t, ctx, client, "b", "new")
		enqueueOne(t, ctx, client, "b", "new")
		if d := depthOf(t, plain, "b"); d.Pending != 0 {
			t.Errorf("before Flush %+v: a task went ahead of its batch", d)
		}
		checkResults(t, batch.Flush(t.Context()), "a/new ok", "a/there already conflict", "b/new ok", "b/new conflict")
		if a, b := depthOf(t, plain, "a").Pending, depthOf(t, plain, "b").Pending; a != 2 || b != 1 {
			t.Errorf("pending: %d on a and %d on b, want 2 and 1", a, b)
		}
		if again := batch.Flush(t.Context()); len(again) != 0 {
			t.Errorf("a second Flush gave %v, want nothing", again)
		}
	})
}

func TestBatchLoadsScriptsThatTheServerForgot(t *testing.T) {
	t.Parallel()
	redistest.Each(t, func(t *testing.T, plain redis.UniversalClient) {
		client := NewQueueClient(plain, QueueOptions{})
		batch := NewBatch()
		for round := range 3 {
			if err := redistest.Admin(t, plain).ScriptFlush(t.Context()).Err(); err != nil {
				t.Fatal(err)
			}
			var want []string
			for i := range 5 {
				id := fmt.Sprint(round, "-", i)
				enqueueOne(t, batch.Context(t.Context()), client, "lane", id)
				want = append(want, "lane/"+id+" ok")
			}
			checkResults(t, batch.Flush(t.Context()), want...)
		}
	})
}

func TestBatchLeavesOtherEnqueuesAlone(t *testing.T) {
	t.Parallel()
	_, mini := redistest.Mini(t)
	client := asynq.NewClientFromRedisClient(NewQueueClient(mini, QueueOptions{}))
	batch := NewBatch()
	for _, option := range []asynq.Option{asynq.ProcessIn(time.Hour), asynq.Unique(time.Hour)} {
		if _, err := client.EnqueueContext(batch.Context(t.Context()), asynq.NewTask("job", nil), asynq.Queue("lane"), option); err != nil {
			t.Errorf("enqueue with %v: %v", option, err)
		}
	}
	if d := depthOf(t, mini, "lane"); d != (Depth{Pending: 1, Scheduled: 1}) {
		t.Errorf("before Flush %+v, want the unique one pending and the other scheduled", d)
	}
	if results := batch.Flush(t.Context()); len(results) != 0 {
		t.Errorf("Flush gave %v, want nothing", results)
	}
}

func TestBatchTellsOfALostServer(t *testing.T) {
	t.Parallel()
	m, mini := redistest.Mini(t)
	client := NewQueueClient(mini, QueueOptions{})
	batch := NewBatch()
	enqueueOne(t, batch.Context(t.Context()), client, "lane", "one")
	enqueueOne(t, batch.Context(t.Context()), client, "lane", "two")
	m.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	checkResults(t, batch.Flush(ctx), "lane/one failed", "lane/two failed")
}

func TestBatchSpreadsOverACluster(t *testing.T) {
	t.Parallel()
	cluster := redistest.Cluster(t).Client(t)
	client := NewQueueClient(cluster, QueueOptions{})
	batch := NewBatch()
	var want, queues []string
	for i := range 8 {
		queue := fmt.Sprint("lane-", i)
		enqueueOne(t, batch.Context(t.Context()), client, queue, "one")
		want, queues = append(want, queue+"/one ok"), append(queues, queue)
	}
	checkResults(t, batch.Flush(t.Context()), want...)
	depths, err := Depths(t.Context(), cluster, queues)
	if err != nil || len(depths) != len(queues) {
		t.Fatalf("Depths = %v, %v", depths, err)
	}
	for queue, d := range depths {
		if d != (Depth{Pending: 1}) {
			t.Errorf("%s: %+v, want one pending", queue, d)
		}
	}
}

func TestFlushRingsForItsQueues(t *testing.T) {
	t.Parallel()
	_, mini := redistest.Mini(t)
	bell := newBell(t, mini)
	client := NewQueueClient(mini, QueueOptions{Bell: bell})
	a, b := bell.Next("a"), bell.Next("b")
	batch := NewBatch()
	enqueueOne(t, batch.Context(t.Context()), client, "a", "one")
	enqueueOne(t, batch.Context(t.Context()), client, "b", "one")
	checkResults(t, batch.Flush(t.Context()), "a/one ok", "b/one ok")
	receive(t, "the ring for a", a)
	receive(t, "the ring for b", b)
}

func TestDepthsCountWhereTasksStand(t *testing.T) {
	t.Parallel()
	_, mini := redistest.Mini(t)
	client := asynq.NewClientFromRedisClient(mini)
	for id, option := range map[string]asynq.Option{"p1": asynq.MaxRetry(1), "p2": asynq.MaxRetry(1), "s": asynq.ProcessIn(time.Hour), "x": asynq.MaxRetry(1)} {
		if _, err := client.Enqueue(asynq.NewTask("job", nil), asynq.Queue("lane"), asynq.TaskID(id), option); err != nil {
			t.Fatal(err)
		}
	}
	if err := asynq.NewInspectorFromRedisClient(mini).ArchiveTask("lane", "x"); err != nil {
		t.Fatal(err)
	}
	got, err := Depths(t.Context(), mini, []string{"lane", "unused"})
	if want := (Depth{Pending: 2, Scheduled: 1, Archived: 1}); err != nil || got["lane"] != want || got["unused"] != (Depth{}) {
		t.Errorf("Depths = %+v, %v, want %+v and an empty queue", got, err, want)
	}
}

// checkResults wants "queue/id ok", "queue/id conflict" or "queue/id failed" of each.
func checkResults(t *testing.T, results []BatchResult, want ...string) {
	t.Helper()
	var got []string
	for _, r := range results {
		verdict := "failed"
		switch {
		case r.Err == nil:
			verdict = "ok"
		case errors.Is(r.Err, asynq.ErrTaskIDConflict):
			verdict = "conflict"
		}
		got = append(got, r.Queue+"/"+r.TaskID+" "+verdict)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("Flush answered %q, want %q (%+v)", got, want, results)
	}
}
