package client_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/client"
	"github.com/seed-438792ba/cascade/provider/simulator"
)

const (
	viewer, operator, admin = "token-of-the-viewer", "token-of-the-operator", "token-of-the-admin"
	secret                  = "0123456789abcdef0123"
)

// program is the real server, built once for all tests.
var program string

func TestMain(m *testing.M) { os.Exit(withProgram(m.Run)) }

func withProgram(run func() int) int {
	folder, err := os.MkdirTemp("", "cascade")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	program = filepath.Join(folder, "cascade")
	if out, err := exec.Command("go", "build", "-o", program, "../cmd/cascade").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the server: %v\n%s", err, out)
		return 1
	}
	return run()
}

// house is the real server as a process of its own, and a simulated provider.
type house struct {
	t               *testing.T
	config, address string
	process         *exec.Cmd
}

// open starts a server on this Redis; "embedded" is one within it.
func open(t *testing.T, redis string) *house {
	t.Helper()
	h := &house{t: t, address: freeAddress(t)}
	provider, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	sim, err := simulator.New(simulator.Options{Callbacks: "http://" + h.address + "/callbacks/qlara/" + secret})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- sim.Serve(ctx, provider) }()
	t.Cleanup(func() { stop(); <-ended })
	h.config = filepath.Join(t.TempDir(), "cascade.yaml")
	text := fmt.Sprintf(`redis: %s
listen: %s
tokens:
  - {name: eyes, role: viewer, token: %s}
  - {name: crm, role: operator, token: %s}
  - {name: root, role: admin, token: %s}
accounts:
  qlara:
    provider: qlara
    base_url: http://%s/api
    api_key: k
    callback_secret: %s
    limits: []
    whatsapp: {phone_number_id: 5}
    sms: {sender: MyBrand}
`, redis, h.address, viewer, operator, admin, provider.Addr(), secret)
	if err := os.WriteFile(h.config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	h.start()
	t.Cleanup(h.stop)
	return h
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// start starts the server and waits until it listens.
func (h *house) start() {
	h.t.Helper()
	h.process = exec.Command(program, "serve", "--config", h.config)
	log, err := h.process.StderrPipe()
	if err != nil {
		h.t.Fatal(err)
	}
	if err := h.process.Start(); err != nil {
		h.t.Fatal(err)
	}
	lines, said := bufio.NewScanner(log), ""
	for lines.Scan() {
		var line struct{ Msg string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "listening" {
			go func() {
				for lines.Scan() { // so that it never waits for a reader
				}
			}()
			return
		}
		said += lines.Text() + "\n"
	}
	h.t.Fatalf("the server does not listen:\n%s", said)
}

func (h *house) stop() {
	_ = h.process.Process.Signal(syscall.SIGTERM)
	_ = h.process.Wait()
}

func (h *house) client(token string) *client.Client {
	h.t.Helper()
	c, err := client.New(client.Options{Server: "http://" + h.address, Token: token})
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// until asks again and again, for what takes its time.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for !holds() {
		select {
		case <-deadline:
			t.Fatalf("%s: not within half a minute", what)
		case <-time.After(50 * time.Millisecond): // look again
		}
	}
}
