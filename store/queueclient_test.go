package store

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/store/redistest"
)

// startServer runs an asynq server of one queue until the test ends.
func startServer(t *testing.T, client *QueueClient, queue string, concurrency int, handle asynq.HandlerFunc) *asynq.Server {
	t.Helper()
	server := asynq.NewServerFromRedisClient(client, asynq.Config{
		Queues:            map[string]int{queue: 1},
		Concurrency:       concurrency,
		TaskCheckInterval: 5 * time.Millisecond,
		ShutdownTimeout:   time.Second,
		LogLevel:          asynq.FatalLevel,
	})
	if err := server.Start(handle); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Release(); server.Shutdown() })
	return server
}

func enqueueOne(t *testing.T, ctx context.Context, client redis.UniversalClient, queue, id string) {
	t.Helper()
	_, err := asynq.NewClientFromRedisClient(client).EnqueueContext(ctx, asynq.NewTask("job", nil), asynq.Queue(queue), asynq.TaskID(id))
	if err != nil {
		t.Fatalf("enqueue %s on %s: %v", id, queue, err)
	}
}

// spy stands between asynq and its client, and keeps what asynq calls.
type spy struct {
	redis.UniversalClient
	mu    sync.Mutex
	calls []call
}

type call struct {
	hash string
	keys []string
}

func (s *spy) EvalSha(ctx context.Context, hash string, keys []string, args ...any) *redis.Cmd {
	s.mu.Lock()
	s.calls = append(s.calls, call{hash, keys})
	s.mu.Unlock()
	return s.UniversalClient.EvalSha(ctx, hash, keys, args...)
}

// What QueueClient does in the place of asynq's scripts is what those of v0.26.0 do. A
// new version that does anything else has other hashes: compare before these change.
func TestTheAsynqBuiltInCallsWhatIsRecognised(t *testing.T) {
	t.Parallel()
	const dequeue, done = "dequeue", "done"
	want := map[string]string{dequeue: "a8153319360adc71cdc370107f8ab9786f204765", done: "1241eaa1c73409baaf1fea0c08d203a4911bda15"}
	_, mini := redistest.Mini(t)
	watched := &spy{UniversalClient: NewQueueClient(mini, QueueOptions{})}
	enqueueOne(t, t.Context(), watched, "acme.sms", "one")
	ran := make(chan struct{})
	server := asynq.NewServerFromRedisClient(watched, asynq.Config{
		Queues: map[string]int{"acme.sms": 1}, TaskCheckInterval: 5 * time.Millisecond, LogLevel: asynq.FatalLevel,
	})
	if err := server.Start(asynq.HandlerFunc(func(context.Context, *asynq.Task) error { close(ran); return nil })); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Shutdown)
	receive(t, "the task", ran)
	waitUntil(t, "the task to be done", func() bool { return depthOf(t, mini, "acme.sms") == Depth{} })

	watched.mu.Lock()
	defer watched.mu.Unlock()
	got, enqueues := map[string]string{}, 0
	for _, c := range watched.calls {
		if queue, task, ok := asEnqueue(c.keys); ok && queue == "acme.sms" && task == "one" {
			enqueues++
		}
		if queue, ok := asDequeue(c.keys); ok && queue == "acme.sms" {
			got[dequeue] = c.hash
		}
		if queue, ok := asDone(c.keys); ok && queue == "acme.sms" {
			got[done] = c.hash
		}
	}
	if enqueues != 1 || !maps.Equal(got, want) {
		t.Errorf("of asynq's scripts %d were taken for an enqueue, want 1, and %v for others, want %v", enqueues, got, want)
	}
}

func TestOtherScriptsPassUntouched(t *testing.T) {
	t.Parallel()
	pending, paused, active, lease := "asynq:{a}:pending", "asynq:{a}:paused", "asynq:{a}:active", "asynq:{a}:lease"
	for _, keys := range [][]string{
		{}, {pending}, {pending, paused, active}, {pending, paused, active, "asynq:{b}:lease"}, {pending, active, paused, lease},
		{"pending", paused, active, lease}, {pending, paused, active, lease, "more"},
	} {
		if queue, ok := asDequeue(keys); ok {
			t.Errorf("%v was taken for a dequeue of %s", keys, queue)
		}
	}
	for _, keys := range [][]string{
		{}, {"asynq:{a}:t:1"}, {"asynq:{a}:t:1", "asynq:{a}:scheduled"}, {"asynq:{b}:t:1", pending}, {"asynq:{a}:unique:x", "asynq:{a}:t:1", pending},
	} {
		if queue, task, ok := asEnqueue(keys); ok {
			t.Errorf("%v was taken for an enqueue of %s on %s", keys, task, queue)
		}
	}
}

// Without the wrapper all twenty run again, a minute later.
func TestAnOutageMakesNoTaskRunTwice(t *testing.T) {
	if testing.Short() {
		t.Skip("takes about ten seconds")
	}
	t.Parallel()
	const tasks = 20
	server := redistest.Real(t, "--appendonly yes")
	plain := server.Client(t)
	client := NewQueueClient(plain, QueueOptions{Bell: newBell(t, plain)})
	for i := range tasks {
		enqueueOne(t, t.Context(), client, "lane", strconv.Itoa(i))
	}
	var runs atomic.Int32
	begun, finish := make(chan struct{}, tasks), make(chan struct{})
	startServer(t, client, "lane", tasks, func(context.Context, *asynq.Task) error {
		runs.Add(1)
		begun <- struct{}{}
		<-finish
		return nil
	})
	for range tasks {
		receive(t, "a task to begin", begun)
	}
	server.Kill()
	outage := time.After(3 * time.Second)
	close(finish)
	<-outage
	server.Restart(t)
	if d := depthOf(t, plain, "lane"); d.Active == 0 {
		t.Errorf("after the outage %+v, want some active: nobody could say that they are done", d)
	}
	// A task that is gone from Redis cannot come back.
	waitUntil(t, "the finished tasks to be written down", func() bool {
		left, err := server.Admin(t).Keys(t.Context(), asynqKey("lane", "t:*")).Result()
		return err == nil && len(left) == 0
	})
	if n, d := runs.Load(), depthOf(t, plain, "lane"); n != tasks || d != (Depth{}) {
		t.Errorf("%d runs of %d tasks, then %+v", n, tasks, d)
	}
}

func TestIdleLanesCostLittleAndWakeAtOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("measures for some seconds")
	}
	t.Parallel()
	const lanes, samples, measured = 20, 31, 4 * time.Second
	plain := redistest.Real(t).Client(t)
	bell := newBell(t, plain)
	picked := make(chan time.Time)
	for i := range lanes {
		client := NewQueueClient(plain, QueueOptions{Bell: bell})
		startServer(t, client, fmt.Sprint("lane-", i), 4, func(context.Context, *asynq.Task) error {
			picked <- time.Now()
			return nil
		})
	}
	waitUntil(t, "all lanes to wait for the bell", func() bool {
		bell.mu.Lock()
		defer bell.mu.Unlock()
		return len(bell.next) == lanes
	})
	roundTrips := func() int { return calls(t, plain, "evalsha", "eval", "publish", "ping", "smembers") }
	before := roundTrips()
	<-time.After(measured)
	idle := float64(roundTrips()-before) / measured.Seconds()

	var waits []time.Duration
	enqueuer := NewQueueClient(plain, QueueOptions{Bell: bell})
	for i := range samples {
		<-time.After(20 * time.Millisecond) // the lane is idle again
		start := time.Now()
		enqueueOne(t, t.Context(), enqueuer, fmt.Sprint("lane-", i%lanes), fmt.Sprint("task-", i))
		waits = append(waits, receive(t, "the task", picked).Sub(start))
	}
	slices.Sort(waits)
	median := waits[samples/2]
	t.Logf("%d idle lanes: %.1f calls/s; from enqueue to handler: median %s, worst %s", lanes, idle, median, waits[samples-1])
	if idle > 60 {
		t.Errorf("%d idle lanes cost %.1f calls/s, want at most 60", lanes, idle)
	}
	if median > 100*time.Millisecond {
		t.Errorf("median from enqueue to handler %s, want at most 100ms", median)
	}
}

func TestReleaseLetsAnIdleServerShutDownAtOnce(t *testing.T) {
	t.Parallel()
	plain := redistest.Real(t).Client(t)
	client := NewQueueClient(plain, QueueOptions{Bell: newBell(t, plain)})
	server := startServer(t, client, "lane", 4, func(context.Context, *asynq.Task) error { return nil })
	waitUntil(t, "a dequeue to wait", func() bool { return calls(t, plain, "evalsha", "eval") > 0 })
	start := time.Now()
	client.Release()
	server.Shutdown()
	if took := time.Since(start); took > time.Second {
		t.Errorf("Shutdown after Release took %s, want less than 1s", took)
	}
}

func TestReleasedClientTakesNoTask(t *testing.T) {
	t.Parallel()
	_, mini := redistest.Mini(t)
	client := NewQueueClient(mini, QueueOptions{})
	client.Release()
	client.Release()
	enqueueOne(t, t.Context(), client, "lane", "one")
	keys := dequeueKeys("lane")
	if err := client.EvalSha(t.Context(), "any", keys[:]).Err(); err != redis.Nil {
		t.Errorf("dequeue after Release: %v, want %v", err, redis.Nil)
	}
	if d := depthOf(t, mini, "lane"); d.Pending != 1 {
		t.Errorf("after Release %+v, want the task pending", d)
	}
}

// depthOf reads one queue's depth.
func depthOf(t *testing.T, client redis.UniversalClient, queue string) Depth {
	t.Helper()
	depths, err := Depths(t.Context(), client, []string{queue})
	if err != nil {
		t.Fatal(err)
	}
	return depths[queue]
}

// calls sums how often a real server was called with these commands.
func calls(t *testing.T, client redis.UniversalClient, commands ...string) (n int) {
	t.Helper()
	stats, err := client.Info(t.Context(), "commandstats").Result()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range commands {
		found := regexp.MustCompile(`cmdstat_` + c + `:calls=(\d+)`).FindStringSubmatch(stats)
		if found == nil {
			continue // not called yet
		}
		k, err := strconv.Atoi(found[1])
		if err != nil {
			t.Fatal(err)
		}
		n += k
	}
	return n
}
