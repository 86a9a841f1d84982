// Package deploy holds the files with which Cascade is deployed, and tests that they fit
// the program and each other. Of its code only tests make use.
package deploy

import (
	_ "embed"
	"strings"
)

//go:embed redis/cascade.acl
var redisUser string

// RedisUser is the Redis user that Cascade needs and its rights, as a line of an ACL file
// and as a directive of redis.conf. In the file nobody can log in as that user.
func RedisUser(password string) string {
	return strings.Replace(redisUser, " resetpass ", " >"+password+" ", 1)
}
