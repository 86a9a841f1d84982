package simulator

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestServe(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	scenario, log := filepath.Join(dir, "scenario.yaml"), filepath.Join(dir, "requests.ndjson")
	if err := os.WriteFile(scenario, []byte("latency: {min: 0s, max: 0s}"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	addr, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- Serve(ctx, ServeOptions{Listen: "127.0.0.1:0", ScenarioFile: scenario, LogFile: log, Ready: func(a string) { addr <- a }})
	}()
	var base string
	select {
	case a := <-addr:
		base = "http://" + a
	case err := <-ended:
		t.Fatal(err)
	}
	page := get(t, base+"/")
	for _, want := range []string{"0001", "0014", "refused on every channel", "min: 0s", "&#34;requests&#34;: 0"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q:\n%s", want, page)
		}
	}
	held := make(chan error, 1)
	go func() {
		req, _ := http.NewRequest("POST", base+path(sms), bytes.NewReader(order(sms, number("0008"), "m-1")))
		req.Header.Set("X-Api-Key", "key")
		req.Header.Set("Content-Type", "application/json")
		_, err := http.DefaultClient.Do(req)
		held <- err
	}()
	for !strings.Contains(get(t, base+"/sim/log"), "no_answer") {
		select {
		case err := <-held:
			t.Fatalf("the request was not held: %v", err)
		case <-t.Context().Done():
			t.Fatal("the request did not come in")
		default:
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("Serve: %v", err)
	}
	if err := <-held; err == nil {
		t.Error("the held request was answered")
	}
	text, err := os.ReadFile(log)
	if err != nil || strings.Count(string(text), "\n") != 1 {
		t.Errorf("the log file: %v, %q, want one line", err, text)
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestServeSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	bad := filepath.Join(t.TempDir(), "bad.yaml")
	if err := os.WriteFile(bad, []byte("speed: 1"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, o := range map[string]ServeOptions{
		"read the scenario": {ScenarioFile: bad + ".none"},
		"bad.yaml":          {ScenarioFile: bad},
		"open the sim":      {LogFile: t.TempDir()},
		"listen":            {Listen: "256.0.0.1:1"},
	} {
		if err := Serve(t.Context(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", o, err, want)
		}
	}
}
