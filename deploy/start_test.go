package deploy

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/store"
)

// The Redis of compose.yaml as it starts there: with the passwords of secrets.sh nothing is
// to be said against it, and without them nobody gets in.
func TestRedisStartsWithItsUsers(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("redis-server"); err != nil && os.Getenv("CASCADE_TEST_REAL") != "1" {
		t.Skip("redis-server is not installed")
	}
	secrets := filepath.Join(t.TempDir(), "secrets")
	if out, err := exec.Command("./secrets.sh", secrets).CombinedOutput(); err != nil {
		t.Fatalf("secrets.sh: %v\n%s", err, out)
	}
	password := func(name string) string { return string(text(t, filepath.Join(secrets, name))) }
	address := free(t)
	_, port, _ := net.SplitHostPort(address)
	server := exec.CommandContext(t.Context(), "redis/start.sh", "--bind", "127.0.0.1", "--port", port, "--dir", t.TempDir())
	server.Env = append(os.Environ(), "CASCADE_SECRETS="+secrets, "TMPDIR="+t.TempDir())
	var said strings.Builder
	server.Stdout, server.Stderr = &said, &said
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
		if t.Failed() {
			t.Log(said.String())
		}
	})
	for user, want := range map[string]bool{
		"cascade:" + password("REDIS_PASSWORD"):       true,
		"default:" + password("REDIS_ADMIN_PASSWORD"): true,
		"cascade:" + password("REDIS_ADMIN_PASSWORD"): false,
		"cascade:": false,
		":":        false,
	} {
		findings, err := ask(t, "redis://"+user+"@"+address+"/0")
		if (err == nil) != want {
			t.Errorf("with the password of one of its users: %t, and it says %v", want, err)
		}
		if len(findings) > 0 {
			t.Errorf("Cascade says of that Redis: %+v", findings)
		}
	}
}

// ask tries until there is a server.
func ask(t *testing.T, address string) ([]store.Finding, error) {
	t.Helper()
	r, err := store.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(20 * time.Second); ; <-tick.C {
		_, findings, err := r.Preflight(t.Context())
		if err == nil || strings.Contains(err.Error(), "NOAUTH") || strings.Contains(err.Error(), "WRONGPASS") || time.Now().After(deadline) {
			return findings, err
		}
	}
}

func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}
