package queuemon_test

import (
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/store"
	"github.com/seed-438792ba/cascade/store/redistest"
)

func TestOnEveryKindOfRedis(t *testing.T) {
	t.Parallel()
	mini, _ := redistest.Mini(t)
	for name, url := range map[string]func() string{
		"embedded": func() string { return "redis://" + mini.Addr() },
		"single":   func() string { return redistest.Real(t).URL },
		"sentinel": func() string { return redistest.Sentinel(t).URL },
		"cluster":  func() string { return redistest.Cluster(t).URL },
	} {
		t.Run(name, func(t *testing.T) {
			connected, err := store.Connect(url())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = connected.Close() })
			shows(t, connected.Client)
		})
	}
}

// shows looks at the queues by what asynqmon's views ask.
func shows(t *testing.T, client redis.UniversalClient) {
	t.Helper()
	fill(t, client)
	base := open(t, client)
	for path, want := range map[string]string{
		"queues":                              `"queue":"qlara.whatsapp"`,
		"queues/qlara.whatsapp":               `"pending":2`,
		"queues/qlara.whatsapp/pending_tasks": attempt.String(),
		"queues/cascade.intake/groups":        `"group":"g"`,
		"servers":                             `"servers":`,
		"redis_info":                          `"raw_info"`,
	} {
		if got := ask(t, "GET", base+"/queues/api/"+path, true); got.status != 200 || !strings.Contains(got.body, want) {
			t.Errorf("%s: %d, lacks %s: %.400s", path, got.status, want, got.body)
		}
	}
}
