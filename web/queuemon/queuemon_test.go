package queuemon_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/store/redistest"
	"github.com/seed-438792ba/cascade/web/queuemon"
)

const number = "+393471234567"

// shared gives one client to all.
type shared struct{ redis.UniversalClient }

func (s shared) MakeRedisClient() any { return s.UniversalClient }

// open serves the monitor over a socket; who bears the header is let in.
func open(t *testing.T, client redis.UniversalClient) (base string) {
	t.Helper()
	m, err := queuemon.New(queuemon.Options{Redis: shared{client}, Allowed: func(r *http.Request) bool { return r.Header.Get("Let-In") != "" }})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/queues/", m)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

type answer struct {
	status int
	header http.Header
	body   string
}

func ask(t *testing.T, method, address string, letIn bool) answer {
	t.Helper()
	r, err := http.NewRequest(method, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if letIn {
		r.Header.Set("Let-In", "yes")
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(body)}
}

var attempt = campaign.IDKey{1}.Message("spring", number, "").Attempt(0, 0)

// fill puts a job of ours, and tasks of other services that hold a number, on queues.
func fill(t *testing.T, client redis.UniversalClient) {
	t.Helper()
	c := asynq.NewClientFromRedisClient(client)
	job := fallback.Job{Attempt: attempt, Lane: campaign.Lane{Account: "qlara", Channel: campaign.WhatsApp}, Ticket: 7}
	foreign := []byte(`{"destination": "` + number + `"}`)
	for _, task := range []struct {
		kind, queue, id string
		payload         []byte
		options         []asynq.Option
	}{
		{job.Type(), "qlara.whatsapp", job.ID(), job.Payload(), nil},
		{job.Type(), "qlara.whatsapp", "odd", foreign, nil},
		{"cascade:messages", "cascade.intake", "one", foreign, nil},
		{"cascade:messages", "cascade.intake", "grouped", foreign, []asynq.Option{asynq.Group("g")}},
	} {
		options := append([]asynq.Option{asynq.Queue(task.queue), asynq.TaskID(task.id)}, task.options...)
		if _, err := c.Enqueue(asynq.NewTask(task.kind, task.payload), options...); err != nil {
			t.Fatal(err)
		}
	}
}

// paths are asynqmon's own: those of its router, as they stand in its source, and its
// files, each with its method.
func paths(t *testing.T) (all [][2]string) {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/hibiken/asynqmon").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	root := strings.TrimSpace(string(dir))
	source, err := os.ReadFile(filepath.Join(root, "handler.go"))
	if err != nil {
		t.Fatal(err)
	}
	fill := strings.NewReplacer("{qname}", "qlara.whatsapp", "{task_id}", "odd", "{gname}", "g", "{entry_id}", "e")
	for _, m := range regexp.MustCompile(`api\.HandleFunc\("([^"]+)".*Methods\("(\w+)"\)`).FindAllStringSubmatch(string(source), -1) {
		all = append(all, [2]string{m[2], "/queues/api" + fill.Replace(m[1])})
	}
	if n := strings.Count(string(source), "api.HandleFunc("); n != len(all) {
		t.Fatalf("%d routes read of %d", len(all), n)
	}
	build := filepath.Join(root, "ui", "build")
	err = filepath.WalkDir(build, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			all = append(all, [2]string{"GET", "/queues" + strings.TrimPrefix(path, build)})
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, view := range []string{"", "queues/qlara.whatsapp", "queues/qlara.whatsapp/tasks/odd", "servers", "schedulers", "redis", "settings", "metrics"} {
		all = append(all, [2]string{"GET", "/queues/" + view})
	}
	return all
}

func TestEveryPathIsRefusedWithoutLogin(t *testing.T) {
	t.Parallel()
	_, client := redistest.Mini(t)
	fill(t, client)
	base := open(t, client)
	for _, p := range paths(t) {
		for _, method := range []string{p[0], "HEAD", "OPTIONS"} {
			if got := ask(t, method, base+p[1], false); got.status != 401 || strings.Contains(got.body, "qlara") {
				t.Errorf("%s %s: %d %.100q, want 401", method, p[1], got.status, got.body)
			}
		}
	}
}

func TestItOnlyShows(t *testing.T) {
	t.Parallel()
	client := redistest.Real(t).Client(t)
	fill(t, client)
	base := open(t, client)
	for _, p := range paths(t) {
		got := ask(t, p[0], base+p[1], true)
		switch {
		case p[0] != "GET" && got.status != 405:
			t.Errorf("%s %s: %d, want 405", p[0], p[1], got.status)
		case p[0] == "GET" && strings.HasSuffix(p[1], "/api/metrics"): // there is no Prometheus
		case p[0] == "GET" && got.status >= 400:
			t.Errorf("%s %s: %d %s", p[0], p[1], got.status, got.body)
		}
		if strings.Contains(got.body, number[1:]) {
			t.Errorf("%s %s shows a number", p[0], p[1])
		}
		if got.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s %s lets its type be guessed", p[0], p[1])
		}
	}
	i := asynq.NewInspectorFromRedisClient(client)
	for queue, want := range map[string]int{"qlara.whatsapp": 2, "cascade.intake": 2} {
		if info, err := i.GetQueueInfo(queue); err != nil || info.Size != want || info.Paused {
			t.Errorf("after all that %s is %+v, %v; want %d tasks, not paused", queue, info, err, want)
		}
	}
}

func TestAJobShowsItsAttempt(t *testing.T) {
	t.Parallel()
	_, client := redistest.Mini(t)
	fill(t, client)
	base := open(t, client)
	got := ask(t, "GET", base+"/queues/api/queues/qlara.whatsapp/pending_tasks", true)
	if want := "attempt " + attempt.String() + " of message " + attempt.Message().String(); !strings.Contains(got.body, want) || got.header.Get("Content-Type") != "application/json" {
		t.Errorf("as %s: %s\nlacks %s", got.header.Get("Content-Type"), got.body, want)
	}
}

func TestWhatIsNotThere(t *testing.T) {
	t.Parallel()
	_, client := redistest.Mini(t)
	base := open(t, client)
	for _, path := range []string{"/queues/api/none", "/queues/none.js", "/queues/static/js/none.js"} {
		if got := ask(t, "GET", base+path, true); got.status != 404 {
			t.Errorf("%s: %d %.60q, want 404", path, got.status, got.body)
		}
	}
}
