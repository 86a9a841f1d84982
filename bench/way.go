package main

import (
	"net"
	"time"
)

// longWay stands in front of addr: what is sent arrives this much later, either way.
// It is slow and not narrow: any amount is under way at the same time.
func longWay(addr string, delay time.Duration) (near string, end func(), err error) {
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
			go carry(to, from, delay)
			go carry(from, to, delay)
		}
	}()
	return l.Addr().String(), func() { _ = l.Close() }, nil
}

type freight struct {
	bytes []byte
	due   time.Time
}

func carry(to, from net.Conn, delay time.Duration) {
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
	for buffer := make([]byte, 64<<10); ; {
		n, err := from.Read(buffer)
		if n > 0 {
			road <- freight{append([]byte(nil), buffer[:n]...), time.Now().Add(delay)}
		}
		if err != nil {
			return
		}
	}
}
