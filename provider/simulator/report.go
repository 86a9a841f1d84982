package simulator

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"time"
)

// workers is how many callbacks are on their way at once.
const workers = 64

// newCaller makes the client that posts callbacks: it reuses connections and follows
// nothing.
func newCaller() *http.Client {
	return &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: workers, MaxIdleConns: workers, IdleConnTimeout: 30 * time.Second},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// report tells the first news of a round, and sees to what comes after it: the next
// news at once, another try of this one later.
func (s *Simulator) report(r *round) {
	n := r.news[0]
	if r.tries == 0 && !n.echo && !n.past {
		s.ledger.happened(r.about.key, n.kind)
	}
	told := s.tell(r.about, n, r.begin.Add(n.when))
	if r.tries++; r.tries == 1 {
		s.goOn(r)
	}
	rc := s.setting.Load().scenario.Receipts
	if told || r.tries >= rc.Tries {
		s.finish(r, told)
		return
	}
	r.again = s.now().Add(rc.Backoff.Std() << min(r.tries-1, 16))
	s.postman.put(r)
}

// goOn puts the rest of the round, which need not wait for this news to get through.
func (s *Simulator) goOn(r *round) {
	if r.firstTold != nil {
		close(r.firstTold)
	}
	if rest := r.news[1:]; len(rest) > 0 {
		s.postman.promise()
		s.postman.put(&round{about: r.about, begin: r.begin, news: rest})
	}
}

func (s *Simulator) finish(r *round, told bool) {
	if !told {
		s.abandoned.Add(1)
		s.logger.Warn("callback given up", "kind", r.news[0].kind.String(), "message", r.about.message.id, "tries", r.tries)
	}
	s.journal.settle(r.about.record)
	s.postman.done()
}

// tell posts one piece of news, which happened at the time given, and says whether it
// need not be tried again.
func (s *Simulator) tell(a about, n news, at time.Time) bool {
	if n.mute {
		s.muted.Add(1)
		return true
	}
	l := a.dialect.callback(a.message.on(n.on), n, at)
	address := s.addressFor(a, l.to)
	if address == "" {
		s.nowhere.Add(1)
		return true
	}
	began := s.now()
	status, ok := s.post(address, l, s.opts.Signing[a.dialect.card().Name])
	s.journal.posted(a.record, callback{
		at: began.UnixMicro(), took: micros(s.now().Sub(began)), status: uint16(status), kind: n.kind, part: uint8(min(n.part, 255)),
	})
	return ok
}

// post says how the caller answered, 0 if it did not, and whether that will do.
func (s *Simulator) post(address string, l letter, sig Signing) (status int, ok bool) {
	ctx, cancel := context.WithTimeout(context.Background(), s.setting.Load().scenario.Receipts.Timeout.Std())
	defer cancel()
	req, err := l.request(ctx, address)
	if err != nil {
		return 0, false
	}
	sig.sign(req, l.body)
	resp, err := s.caller.Do(req)
	if err != nil {
		return 0, false
	}
	defer resp.Body.Close()
	said, err := io.ReadAll(io.LimitReader(resp.Body, 4096))
	if err != nil {
		return 0, false
	}
	good := resp.StatusCode/100 == 2 && (l.mustAnswer == "" || string(said) == l.mustAnswer)
	if !good {
		s.refused.Do(func() {
			s.logger.Warn("receipts are refused: look at the address that callbacks go to, and at the secret in it", "host", req.URL.Host, "status", resp.StatusCode)
		})
	}
	return resp.StatusCode, good
}

func (l letter) request(ctx context.Context, address string) (*http.Request, error) {
	if l.query == nil {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(l.body))
		if err == nil {
			req.Header.Set("Content-Type", l.contentType)
		}
		return req, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err == nil {
		q := req.URL.Query()
		maps.Copy(q, l.query)
		req.URL.RawQuery = q.Encode()
	}
	return req, err
}
