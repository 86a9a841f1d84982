package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// caller posts over one connection that is kept, with as little work as can be: who
// makes the load shares the machine with what is measured.
type caller struct {
	address, path string
	conn          net.Conn
	answers       *bufio.Reader
	letter        []byte
}

func newCaller(to string) (*caller, error) {
	u, err := url.Parse(to)
	if err != nil {
		return nil, err
	}
	return &caller{address: u.Host, path: u.Path}, nil
}

// post gives the answer's status.
func (c *caller) post(body []byte) (status int, err error) {
	if c.conn == nil {
		if c.conn, err = net.Dial("tcp", c.address); err != nil {
			return 0, err
		}
		c.answers = bufio.NewReader(c.conn)
	}
	defer func() {
		if err != nil {
			c.close()
		}
	}()
	const patience = 30 * time.Second
	_ = c.conn.SetDeadline(time.Now().Add(patience)) // the write would tell
	c.letter = fmt.Appendf(c.letter[:0], "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: ", c.path, c.address)
	c.letter = strconv.AppendInt(c.letter, int64(len(body)), 10)
	c.letter = append(append(c.letter, "\r\n\r\n"...), body...)
	if _, err = c.conn.Write(c.letter); err != nil {
		return 0, err
	}
	answer, err := http.ReadResponse(c.answers, nil)
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode, err
}

func (c *caller) close() {
	if c.conn != nil {
		_ = c.conn.Close()
		c.conn = nil
	}
}

// Qlara's callbacks; see provider/qlara.
const (
	delivered     = `"statusCode":3,"description":"delivered"`
	undeliverable = `"statusCode":6,"description":"undeliverable"`
)

// qlaraReceipt is a callback of Qlara's.
func qlaraReceipt(to []byte, attempt, status string, at time.Time) []byte {
	to = append(to, `{"channel":"WHATSAPP","eventType":"DELIVERY","messageId":"`...)
	to = append(append(to, attempt...), `","destination":"+393471234567",`...)
	to = append(append(to, status...), `,"eventDate":"`...)
	return append(at.UTC().AppendFormat(to, time.RFC3339), `"}`...)
}
