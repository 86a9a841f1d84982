package api

import (
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// visit is one request, as the log tells it.
type visit struct {
	began   time.Time
	request string // its id
	role    Role   // that its route needs
	mounted bool   // its route is another's, as /metrics
	by      Caller
	err     error
	problem *Problem
	out     recorder
}

// broken says that something went wrong when the answer had begun.
func (v *visit) broken() bool { return v.err != nil && v.problem == nil }

// note writes the request's line. What needs no token, health checks and callbacks
// among it, is silent when it goes well, and told at most once a second when it does
// not: strangers shall not fill a disk. What others mount is looked at all the time, and
// is silent as well when it goes well. The route is told and never the path, which may
// hold a secret.
func (s *Server) note(r *http.Request, v *visit) {
	level := slog.LevelInfo
	watches := v.by.inside && r.Method == http.MethodGet // a page that is open asks once a second
	switch {
	case v.out.status >= http.StatusInternalServerError || v.broken():
		level = slog.LevelError
	case v.out.status >= http.StatusBadRequest:
	case v.role == Anyone, v.mounted, watches:
		level = slog.LevelDebug
	}
	if !s.log.Enabled(r.Context(), level) {
		return
	}
	write := func() { s.log.LogAttrs(r.Context(), level, "request", s.attributes(r, v)...) }
	if (v.role == Anyone || watches) && level > slog.LevelDebug {
		s.strangers.Do(write)
		return
	}
	write()
}

func (s *Server) attributes(r *http.Request, v *visit) []slog.Attr {
	attributes := []slog.Attr{
		slog.String("method", r.Method),
		slog.String("route", r.Pattern),
		slog.Int("status", v.out.status),
		slog.Duration("took", s.now().Sub(v.began)),
		slog.String("request", v.request),
	}
	if v.by.Name != "" {
		attributes = append(attributes, slog.String("by", v.by.Name))
	}
	switch {
	case v.broken() || v.err != nil && v.out.status >= http.StatusInternalServerError:
		attributes = append(attributes, slog.Any("error", v.err))
	case v.problem != nil: // its detail may quote what was sent
		attributes = append(attributes, slog.String("problem", v.problem.Type))
	}
	return attributes
}

// recorder remembers the status of an answer; 0: there is none yet.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= http.StatusOK {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// requestID is the one that the caller gave, if it can stand in a log, or else a new one.
func requestID(r *http.Request) string {
	const longest = 128
	id := r.Header.Get("X-Request-Id")
	if id == "" || len(id) > longest || strings.ContainsFunc(id, func(c rune) bool { return c <= ' ' || c > '~' }) {
		return strconv.FormatUint(rand.Uint64(), 36)
	}
	return id
}
