package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/seed-438792ba/cascade/provider"
)

// Receiver is somebody outside who is told.
type Receiver struct {
	URL         string
	Secrets     []Secret // one, or two while one takes the other's place
	Guard       Guard
	Concurrency int            // letters on their way at a time, from each process; default 4
	RootCAs     *x509.CertPool // who may vouch for it; default: the system's
}

const (
	defaultConcurrency = 4
	answerTime         = 10 * time.Second // from looking its name up to the end of its answer
	answerRead         = 4 << 10          // bytes of its body, which says nothing, so that the connection can be used again
	answerHead         = 16 << 10
	longestError       = 200 // bytes
)

// verdict is what an answer says of the letter, and of its receiver.
type verdict uint8

const (
	taken   verdict = iota
	refused         // it answers, but not as one who takes this letter
	unwell          // it cannot answer now
	gone            // it wants no letters any more
	cut             // we end, and do not wait for its answer
)

// answer is what became of one try.
type answer struct {
	verdict verdict
	wait    time.Duration // by its Retry-After; 0: it names none
	why     string        // in words; they hold no part of the address but its host
}

// client makes the HTTP client of a receiver: one that follows no redirect, asks no proxy,
// and connects to nobody that the guard refuses.
func (r Receiver) client() *http.Client {
	dialer := &net.Dialer{Timeout: answerTime, Control: r.Guard.control}
	transport := &http.Transport{
		DialContext: dialer.DialContext, MaxIdleConnsPerHost: r.concurrency(), IdleConnTimeout: time.Minute,
		TLSHandshakeTimeout: answerTime, MaxResponseHeaderBytes: answerHead, DisableCompression: true, ForceAttemptHTTP2: true,
		TLSClientConfig: &tls.Config{RootCAs: r.RootCAs, MinVersion: tls.VersionTLS12},
	}
	return &http.Client{
		Transport: transport, Timeout: answerTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func (r Receiver) concurrency() int {
	if r.Concurrency == 0 {
		return defaultConcurrency
	}
	return r.Concurrency
}

// post tries a letter once.
func (r Receiver) post(ctx context.Context, client *http.Client, l Letter, now time.Time) answer {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.URL, bytes.NewReader(l.Body))
	if err != nil {
		return answer{verdict: unwell, why: "its address cannot be read"}
	}
	for name, value := range map[string]string{
		"Content-Type": "application/json", "User-Agent": "cascade",
		"webhook-id": l.ID, "webhook-timestamp": strconv.FormatInt(now.Unix(), 10), "webhook-signature": Sign(l.ID, now, l.Body, r.Secrets...),
	} {
		request.Header.Set(name, value)
	}
	got, err := client.Do(request)
	if err != nil {
		return unanswered(ctx, err)
	}
	defer got.Body.Close()
	_, _ = io.CopyN(io.Discard, got.Body, answerRead) // what it says besides its status is of no use
	a := answer{verdict: judge(got.StatusCode), why: wordsOf(got.StatusCode)}
	if a.verdict != taken {
		a.wait = provider.RetryAfter(got.Header, now)
	}
	return a
}

func judge(status int) verdict {
	switch {
	case status >= 200 && status < 300:
		return taken
	case status == http.StatusGone:
		return gone
	case status >= 500, status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, status == http.StatusTooEarly:
		return unwell
	}
	return refused
}

func wordsOf(status int) string {
	said := fmt.Sprintf("it answered %d", status)
	switch {
	case status >= 300 && status < 400:
		return said + ": redirects are not followed; name the address that it leads to in the configuration"
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return said + ": does it know the secret?"
	}
	return said
}

// unanswered tells why there is no answer, without the address: it may hold a secret.
func unanswered(ctx context.Context, err error) answer {
	if ctx.Err() != nil {
		return answer{verdict: cut}
	}
	var about *url.Error
	if errors.As(err, &about) {
		err = about.Err
	}
	why := err.Error()
	if about != nil && about.Timeout() {
		why = fmt.Sprintf("it did not answer within %s", answerTime)
	}
	return answer{verdict: unwell, why: strings.ToValidUTF8(why[:min(len(why), longestError)], "")}
}
