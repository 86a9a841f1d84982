package deploy

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// driven are the commands that nobody names, or not in one word: those with which
// go-redis opens a connection, follows a cluster and carries a transaction, and those with
// which asynq's pages look at Redis itself.
var driven = []string{"select", "client|setname", "command", "cluster|slots", "asking", "multi", "exec", "script|load", "wait",
	"memory|usage", "cluster|info", "cluster|nodes", "cluster|keyslot"}

// What is allowed is what the scripts and the program name. That what they name is allowed
// is for every test with a real Redis to show: store/redistest logs in as this user.
func TestTheRedisUserMayWhatIsUsedAndNoMore(t *testing.T) {
	t.Parallel()
	ours, scripts := commandsIn(t, "..", "store", "ratelimit", "worker", "scheduler", "cmd")
	asynqs, _ := commandsIn(t, asynqFolder(t), "internal/rdb/rdb.go", "internal/rdb/inspect.go")
	var allowed []string
	for right := range strings.FieldsSeq(RedisUser("password")) {
		if name, is := strings.CutPrefix(right, "+"); is {
			allowed = append(allowed, name)
		}
	}
	for _, name := range allowed {
		if strings.HasPrefix(name, "@") || !slices.Contains(driven, name) && !ours[name] && !asynqs[name] {
			t.Errorf("cascade.acl allows %s, which nothing uses", name)
		}
	}
	for name := range scripts {
		if !slices.Contains(allowed, name) {
			t.Errorf("a script calls %s, which cascade.acl does not allow", name)
		}
	}
}

func TestNobodyLogsInWithTheFileAsItIs(t *testing.T) {
	t.Parallel()
	if !strings.HasPrefix(redisUser, "user cascade on resetpass ") || strings.Contains(redisUser, "nopass") {
		t.Errorf("cascade.acl begins %.40q, want a user without a password to log in with", redisUser)
	}
	if got := RedisUser("secret"); !strings.HasPrefix(got, "user cascade on >secret ~") {
		t.Errorf("with a password it begins %.40q", got)
	}
}

var (
	inScript = regexp.MustCompile(`\.p?call\(['"]([A-Za-z]+)['"]`)
	inGo     = regexp.MustCompile(`\.([A-Z][A-Za-z]+?)(?:N|NX|LT|XX|WithScores)?\(`)
)

// commandsIn are the Redis commands that a source tree may use: the names in its scripts,
// and the names of all methods it calls.
func commandsIn(t *testing.T, root string, below ...string) (all, scripts map[string]bool) {
	t.Helper()
	all, scripts = map[string]bool{}, map[string]bool{}
	for _, folder := range below {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path)
			for _, found := range inScript.FindAllSubmatch(text, -1) {
				scripts[strings.ToLower(string(found[1]))] = true
			}
			if strings.HasSuffix(path, ".go") {
				for _, found := range inGo.FindAllSubmatch(text, -1) {
					all[strings.ToLower(string(found[1]))] = true
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for name := range scripts {
		all[name] = true
	}
	return all, scripts
}

func asynqFolder(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/hibiken/asynq").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	return strings.TrimSpace(string(out))
}
