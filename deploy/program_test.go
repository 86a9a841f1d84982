package deploy

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// program builds the program once for all tests.
var program = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "cascade")
	if err != nil {
		return "", err
	}
	binary := filepath.Join(folder, "cascade")
	if out, err := exec.Command("go", "build", "-o", binary, "../cmd/cascade").CombinedOutput(); err != nil {
		return "", errors.New(string(out))
	}
	return binary, nil
})

// TestMain takes the program away again.
func TestMain(m *testing.M) {
	code := m.Run()
	if binary, err := program(); err == nil {
		_ = os.RemoveAll(filepath.Dir(binary))
	}
	os.Exit(code)
}

// cascade runs the program with nothing but these variables in its environment.
func cascade(t *testing.T, env []string, args ...string) ([]byte, error) {
	t.Helper()
	binary, err := program()
	if err != nil {
		t.Fatalf("build cascade: %v", err)
	}
	cmd := exec.CommandContext(t.Context(), binary, args...)
	cmd.Env = env
	return cmd.CombinedOutput()
}

// understood says whether the program knows a command line's commands, flags and roles.
func understood(t *testing.T, where string, args []string) {
	t.Helper()
	if out, err := cascade(t, nil, append(args, "--help")...); err != nil {
		t.Errorf("%s: cascade %s: %v\n%s", where, strings.Join(args, " "), err, out)
	}
	for i, arg := range args {
		if arg == "--roles" && !strings.Contains(" api scheduler worker ", " "+args[i+1]+" ") {
			t.Errorf("%s: unknown role %s", where, args[i+1])
		}
	}
}

// checked says whether a configuration is one, with these files of secrets and no others.
func checked(t *testing.T, path string, secrets []string) {
	t.Helper()
	folder := t.TempDir()
	for _, name := range secrets {
		if err := os.WriteFile(filepath.Join(folder, name), fmt.Appendf(nil, "%x", sha256.Sum256([]byte(name))), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := cascade(t, []string{"CASCADE_SECRETS=" + folder}, "config", "check", "--config", path); err != nil {
		t.Errorf("%s: %v\n%s", path, err, out)
	}
}

var referred = regexp.MustCompile(`\$\{([A-Z_]+)\}`)

// variables are those of a configuration.
func variables(t *testing.T, path string) (names []string) {
	t.Helper()
	for _, found := range referred.FindAllSubmatch(text(t, path), -1) {
		names = append(names, string(found[1]))
	}
	return names
}

// ours is the source in which the program's variables of the environment are named.
var ours = sync.OnceValue(func() string {
	var all strings.Builder
	for _, folder := range []string{"../cmd", "../config"} {
		_ = filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
			if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
				source, _ := os.ReadFile(path)
				all.Write(source)
			}
			return err
		})
	}
	return all.String()
})

// known fails the test for a variable that neither Cascade nor Go's runtime reads.
func known(t *testing.T, where string, names ...string) {
	t.Helper()
	for _, name := range names {
		if name != "GOMEMLIMIT" && name != "GOMAXPROCS" && !strings.Contains(ours(), `"`+name+`"`) {
			t.Errorf("%s sets %s, which nobody reads", where, name)
		}
	}
}

func TestEveryExampleIsAConfiguration(t *testing.T) {
	t.Parallel()
	examples, err := filepath.Glob("examples/*.yaml")
	if err != nil || len(examples) < 3 {
		t.Fatalf("examples: %q, %v", examples, err)
	}
	for _, path := range examples {
		checked(t, path, variables(t, path))
	}
}
