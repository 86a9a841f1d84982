package redistest

import (
	"context"
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// Slow stands in front of the server at addr as a long way would: whatever is sent, in
// either direction, arrives this much later. It gives the address to be used instead.
func Slow(t testing.TB, addr string, delay time.Duration) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(context.Background())
	var ways sync.WaitGroup
	ways.Go(func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			ways.Go(func() { join(ctx, near, addr, delay) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		end()
		ways.Wait()
	})
	return l.Addr().String()
}

// join carries a connection to the server, until one side or ctx ends it.
func join(ctx context.Context, near net.Conn, addr string, delay time.Duration) {
	far, err := net.Dial("tcp", addr)
	if err != nil {
		_ = near.Close()
		return
	}
	closeBoth := func() { _, _ = near.Close(), far.Close() }
	defer closeBoth()
	defer context.AfterFunc(ctx, closeBoth)()
	var both sync.WaitGroup
	for _, way := range [][2]net.Conn{{near, far}, {far, near}} {
		both.Go(func() {
			carry(way[1], way[0], delay)
			_ = way[1].Close() // the other way ends as well
		})
	}
	both.Wait()
}

// freight is what was read at once, and when it arrives.
type freight struct {
	bytes []byte
	due   time.Time
}

// carry brings what it reads to its end after the delay. Reading goes on meanwhile: a
// long way is slow, not narrow.
func carry(to io.Writer, from io.Reader, delay time.Duration) {
	road := make(chan freight, 1024)
	var driver sync.WaitGroup
	driver.Go(func() {
		for f := range road {
			time.Sleep(time.Until(f.due))
			_, _ = to.Write(f.bytes) // who cannot be written to any more is not read from for long
		}
	})
	for buffer := make([]byte, 32<<10); ; {
		n, err := from.Read(buffer)
		if n > 0 {
			road <- freight{append([]byte(nil), buffer[:n]...), time.Now().Add(delay)}
		}
		if err != nil {
			break
		}
	}
	close(road)
	driver.Wait()
}
