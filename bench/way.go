package main

import (
	"bytes"
	"net"
	"sync/atomic"
	"time"
)

// longWay stands in front of addr: what is sent arrives this much later, either way.
// It is slow and not narrow: any amount is under way at the same time.
// A counter, if there is one, sees what goes to addr.
func longWay(addr string, delay time.Duration, c *counter) (near string, end func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	go func() {
		for {
			from, err := l.Accept()
			if err != nil {
				return
			}
			to, err := net.Dial("tcp", addr)
			if err != nil {
				_ = from.Close()
				continue
			}
			go carry(to, from, delay, c)
			go carry(from, to, delay, nil)
		}
	}()
	return l.Addr().String(), func() { _ = l.Close() }, nil
}

type freight struct {
	bytes []byte
	due   time.Time
}

// counter counts a word in what goes by.
type counter struct {
	word []byte
	n    atomic.Int64
}

// count looks at what comes next on one connection, and gives what may be the word's
// beginning.
func (c *counter) count(before, next []byte) (left []byte) {
	if c == nil {
		return nil
	}
	all := append(before, next...)
	c.n.Add(int64(bytes.Count(all, c.word)))
	return append([]byte(nil), all[max(len(all)-len(c.word)+1, 0):]...)
}

func carry(to, from net.Conn, delay time.Duration, c *counter) {
	road := make(chan freight, 4096)
	go func() {
		defer func() { _ = to.Close() }()
		for f := range road {
			time.Sleep(time.Until(f.due))
			if _, err := to.Write(f.bytes); err != nil {
				_ = from.Close() // nobody is there any more; the reader ends too
			}
		}
	}()
	defer close(road)
	var left []byte
	for buffer := make([]byte, 64<<10); ; {
		n, err := from.Read(buffer)
		if n > 0 {
			left = c.count(left, buffer[:n])
			road <- freight{append([]byte(nil), buffer[:n]...), time.Now().Add(delay)}
		}
		if err != nil {
			return
		}
	}
}
