package worker_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/store"
	"github.com/seed-438792ba/cascade/store/redistest"
	"github.com/seed-438792ba/cascade/worker"
)

// reception is a worker of the intake alone, and a service that enqueues with plain asynq.
type reception struct {
	t       *testing.T
	client  redis.UniversalClient
	store   *store.Store
	service *asynq.Client
	number  campaign.Number
}

func newReception(t *testing.T, client redis.UniversalClient) *reception {
	t.Helper()
	st, err := store.New(t.Context(), store.Options{Client: client})
	must(t, err)
	c, err := campaign.ParseFile("test.yaml", []byte("campaign: orders\nstanding: true\nroute: [{channel: sms, account: a, text: \"Ciao {name}\"}]\n"), nil)
	must(t, err)
	entered, err := st.Create(t.Context(), c)
	must(t, err)
	w := worker.New(worker.Options{Ledger: st, Intake: st, Server: func(queue string, concurrency int) *asynq.Server {
		return asynq.NewServerFromRedisClient(client, asynq.Config{
			Concurrency: concurrency, Queues: map[string]int{queue: 1}, TaskCheckInterval: 5 * time.Millisecond, Logger: ears(nil),
			RetryDelayFunc: func(int, error, *asynq.Task) time.Duration { return 0 },
		})
	}})
	must(t, w.Start())
	t.Cleanup(w.Drain)
	return &reception{t: t, client: client, store: st, service: asynq.NewClientFromRedisClient(client), number: entered.Number}
}

func (c *reception) enqueue(kind, payload string) {
	c.t.Helper()
	_, err := c.service.EnqueueContext(c.t.Context(), asynq.NewTask(kind, []byte(payload)), asynq.Queue(worker.IntakeQueue))
	must(c.t, err)
}

// served waits until the queue has nothing but so many archived tasks.
func (c *reception) served(archived int) {
	c.t.Helper()
	deadline := time.After(10 * time.Second)
	for {
		depths, err := store.Depths(c.t.Context(), c.client, []string{worker.IntakeQueue})
		must(c.t, err)
		if depths[worker.IntakeQueue] == (store.Depth{Archived: archived}) {
			return
		}
		select {
		case <-deadline:
			c.t.Fatalf("the queue is %+v, want %d archived and nothing else", depths[worker.IntakeQueue], archived)
		case <-time.After(2 * time.Millisecond): // look again
		}
	}
}

func (c *reception) accepted() (n int) {
	c.t.Helper()
	counts, _, err := c.store.Counts(c.t.Context(), c.number)
	must(c.t, err)
	return counts.Open()
}

func message(key, to string) string {
	return fmt.Sprintf(`{"campaign": "orders", "destination": %q, "key": %q, "variables": {"name": "Ada"}}`, to, key)
}

func TestServicesEnqueueMessages(t *testing.T) {
	redistest.Each(t, func(t *testing.T, client redis.UniversalClient) {
		c := newReception(t, client)
		for range 3 { // whoever is not sure enqueues again
			c.enqueue(worker.IntakeType, message("1", "+393401234567"))
			c.enqueue(worker.IntakeType, `{"messages": [`+message("1", "+393401234567")+","+message("2", "+393401234567")+`]}`)
		}
		c.served(0)
		if n := c.accepted(); n != 2 {
			t.Errorf("%d messages, want 2", n)
		}
	})
}

func TestWhatCannotBeTakenIsArchivedWithItsReasons(t *testing.T) {
	redistest.Each(t, func(t *testing.T, client redis.UniversalClient) {
		c := newReception(t, client)
		for _, x := range []struct{ kind, payload string }{
			{worker.IntakeType, `{"messages": [{"campaign": "orders", "destination": "+393401234567"`},
			{worker.IntakeType, `{"campaign": "orders", "destination": "+393401234567", "colour": "red"}`},
			{worker.IntakeType, `{"messages": [` + message("1", "+393401234567") + "," + message("2", "+39340123456789012") + "," + message("", "+393401234567") + `]}`},
			{"cascade:other", message("1", "+393401234567")},
		} {
			c.enqueue(x.kind, x.payload)
		}
		c.served(4)
		if n := c.accepted(); n != 1 {
			t.Errorf("%d messages, want the good one among the bad", n)
		}
		tasks, err := asynq.NewInspectorFromRedisClient(redistest.Admin(t, client)).ListArchivedTasks(worker.IntakeQueue)
		must(t, err)
		var told strings.Builder
		for _, task := range tasks {
			told.WriteString(task.LastErr + "\n")
		}
		for _, want := range []string{"this is no JSON", "messages:1:", "colour: unknown key", "2 of 3 messages rejected: messages[1]: invalid_number", "messages[2]: missing_key", "want cascade:messages"} {
			if !strings.Contains(told.String(), want) {
				t.Errorf("the archive does not say %q:\n%s", want, &told)
			}
		}
		if strings.Contains(told.String(), "34012345") {
			t.Errorf("the archive's errors hold a number:\n%s", &told)
		}
	})
}
