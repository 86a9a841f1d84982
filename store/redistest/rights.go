package redistest

import (
	"context"
	"net/url"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/deploy"
)

// Every server has a user with the rights that Cascade has in a deployment, beside the
// default one, who may everything and has no password.
const (
	user     = "cascade"
	password = "of-the-tests"
)

// credentials stand in an address before the host.
var credentials = url.UserPassword(user, password).String() + "@"

// ours is the option that makes the user.
func ours() string { return "--" + deploy.RedisUser(password) }

// hidden is what that user asks for and may do without: the settings may hold passwords.
const hidden = "config|get"

// nothingRefused fails the test if the server has refused the user a command, a key or a
// channel: the program may have gone on without, and nobody would have noticed.
func (s *Server) nothingRefused(t testing.TB) {
	t.Helper()
	if s.run == nil {
		return
	}
	client := redis.NewClient(options(s.Addr))
	defer func() { _ = client.Close() }()
	entries, err := client.ACLLog(context.Background(), 100).Result()
	if err != nil {
		return // it asks for a password, or was killed from elsewhere
	}
	for _, e := range entries {
		if e.Username == user && e.Object != hidden {
			t.Errorf("redis-server on %s refused the user %s the %s %q, %d times: deploy/redis/cascade.acl does not allow it", s.Addr, user, e.Reason, e.Object, e.Count)
		}
	}
}
