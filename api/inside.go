package api

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
)

// insideKey is where a context says who calls from inside this process. No request that
// came over the wire can bear it.
type insideKey struct{}

// As gives a context whose requests, handed to Handler inside this process, are those of
// this caller, who was let in elsewhere: no token is asked of them. All else (role,
// journal, repetition) is as for any other request.
func As(ctx context.Context, by Caller) context.Context {
	return context.WithValue(ctx, insideKey{}, Caller{Name: by.Name, Role: by.Role, inside: true})
}

func insideCaller(ctx context.Context) (by Caller, inside bool) {
	by, inside = ctx.Value(insideKey{}).(Caller)
	return by, inside
}

// Open says whether no tokens are configured: then only this machine itself is let in.
func (s *Server) Open() bool { return s.guard.open() }

// Local says who makes the request, where no tokens are configured and it was made on
// this machine and meant for it.
func (s *Server) Local(r *http.Request) (by Caller, local bool) {
	return s.guard.local(r)
}

// Login says whose token this is, and gives a proof that may be kept in its place; see
// Still.
func (s *Server) Login(token string) (by Caller, proof string, known bool) {
	by, sum, known := s.guard.bearer(token)
	return by, proofOf(sum), known
}

// Still gives the caller of a token as they are configured now, if it is the one of which
// Login gave this proof: a token that was taken away, or renewed, is proved no longer.
func (s *Server) Still(name, proof string) (by Caller, valid bool) {
	for _, k := range s.guard.keys {
		if k.Name == name && subtle.ConstantTimeCompare([]byte(proofOf(k.sum)), []byte(proof)) == 1 {
			return k.Caller, true
		}
	}
	return by, false
}

// proofOf tells one token from another, and nothing of either.
func proofOf(sum [sha256.Size]byte) string {
	proof := sha256.Sum256(append([]byte("cascade session\x00"), sum[:]...))
	return hex.EncodeToString(proof[:16])
}
