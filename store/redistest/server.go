package redistest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
)

// Server is a redis-server of the test's own.
type Server struct {
	Addr string // host:port on the loopback interface
	URL  string // redis://user:password@host:port/0, of a user who may what Cascade needs and no more
	PID  int    // 0 while it is killed

	path, dir string
	args      []string
	run       *process
}

// Real starts a redis-server that keeps nothing on disk, and ends it with the test.
// Each of args is one option with its values, as "--appendonly yes"; its files lie
// in a folder of the test.
func Real(t testing.TB, args ...string) *Server {
	t.Helper()
	return start(t, need(t, "redis-server"), freePort(t), args)
}

func start(t testing.TB, path string, port int, args []string) *Server {
	t.Helper()
	addr := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	s := &Server{Addr: addr, URL: "redis://" + credentials + addr + "/0", path: path, dir: t.TempDir()}
	s.args = []string{
		"--port", strconv.Itoa(port), "--bind", "127.0.0.1", "--dir", s.dir,
		"--logfile", s.logFile(), "--save", "", "--appendonly", "no",
	}
	for _, a := range append([]string{ours()}, args...) {
		s.args = append(s.args, strings.Fields(a)...)
	}
	t.Cleanup(func() {
		s.nothingRefused(t)
		s.Kill()
	})
	s.Restart(t)
	return s
}

// Client connects to the server until the test ends, with the rights that Cascade has in
// a deployment: deploy/redis/cascade.acl.
func (s *Server) Client(t testing.TB) *redis.Client {
	t.Helper()
	o := options(s.Addr)
	o.Username, o.Password = user, password
	return connect(t, o)
}

// Admin connects to the server until the test ends, with all rights.
func (s *Server) Admin(t testing.TB) *redis.Client {
	t.Helper()
	return Client(t, s.Addr)
}

// Kill ends the server as kill -9 does: it has no time to save anything. Killing it
// twice is allowed.
func (s *Server) Kill() {
	if s.run == nil {
		return
	}
	s.run.kill()
	s.run, s.PID = nil, 0
}

// Restart starts a killed server again, on the same port and with the files that it
// left, and waits until it answers.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	s.Kill()
	run, err := launch(s.path, s.args)
	if err != nil {
		t.Fatalf("start redis-server on %s: %v", s.Addr, err)
	}
	s.run, s.PID = run, run.cmd.Process.Pid
	eventually(t, "redis-server on "+s.Addr, func(ctx context.Context) error {
		select {
		case <-run.ended:
			t.Fatalf("redis-server on %s ended at once; its log says:\n%s", s.Addr, s.log())
		default:
		}
		return s.ping(ctx)
	})
}

// ping asks without a client, whose pauses between its tries would add up.
func (s *Server) ping(ctx context.Context) error {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", s.Addr)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	deadline, _ := ctx.Deadline()
	if err := conn.SetDeadline(deadline); err != nil {
		return err
	}
	if _, err := io.WriteString(conn, "PING\r\n"); err != nil {
		return err
	}
	answer, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return err
	}
	if !strings.HasPrefix(answer, "+PONG") && !strings.HasPrefix(answer, "-NOAUTH") {
		return fmt.Errorf("PING was answered %q", answer)
	}
	return nil
}

func (s *Server) logFile() string { return filepath.Join(s.dir, "redis.log") }

func (s *Server) log() string {
	text, err := os.ReadFile(s.logFile())
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// process is a started program and the news of its end.
type process struct {
	cmd   *exec.Cmd
	ended chan struct{}
}

func launch(path string, args []string) (*process, error) {
	p := &process{cmd: exec.Command(path, args...), ended: make(chan struct{})}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(p.ended)
		_ = p.cmd.Wait() // it was killed, or its log says why it ended
	}()
	return p, nil
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill() // an error means that it ended already
	<-p.ended
}

// freePort finds a port that is free together with the one 10000 above it, which a
// node of a cluster takes as well. Both lie below the ports that the system gives to
// outgoing connections: else a client that dials a killed server may be given the
// server's own port, and the server cannot start again.
func freePort(t testing.TB) int {
	t.Helper()
	for range 100 {
		port := 10_000 + rand.IntN(10_000)
		if free(port) && free(port+10_000) {
			return port
		}
	}
	t.Fatal("no free port between 10000 and 20000 in a hundred tries")
	return 0
}

func free(port int) bool {
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return false
	}
	return l.Close() == nil
}
