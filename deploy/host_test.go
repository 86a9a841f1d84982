package deploy

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const unit = "systemd/cascade@.service"

// settings are the values of a unit's setting, one for each time that it stands there.
func settings(t *testing.T, name string) (values []string) {
	t.Helper()
	for line := range strings.Lines(string(text(t, unit))) {
		if value, is := strings.CutPrefix(line, name+"="); is {
			values = append(values, strings.TrimSpace(value))
		}
	}
	return values
}

func TestTheUnitStartsCascadeWithItsSecrets(t *testing.T) {
	t.Parallel()
	start := strings.Fields(settings(t, "ExecStart")[0])
	for _, role := range []string{"api", "scheduler", "worker"} {
		args := slices.Clone(start[1:])
		args[slices.Index(args, "%i")] = role
		understood(t, unit, args)
	}
	var secrets []string
	for _, credential := range settings(t, "LoadCredential") {
		name, path, _ := strings.Cut(credential, ":")
		if filepath.Base(path) != name {
			t.Errorf("%s is read from %s", name, path)
		}
		secrets = append(secrets, name)
	}
	checked(t, "examples/one-machine.yaml", secrets)
	for _, e := range settings(t, "Environment") {
		name, _, _ := strings.Cut(e, "=")
		known(t, unit, name)
	}
}

// It needs no running systemd, only its tool.
func TestSystemdTakesTheUnit(t *testing.T) {
	t.Parallel()
	tool, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd-analyze is not installed")
	}
	binary, err := program()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "cascade@worker.service")
	if err := os.WriteFile(file, []byte(strings.Replace(string(text(t, unit)), "/usr/local/bin/cascade", binary, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(tool, "verify", "--man=no", file).CombinedOutput(); err != nil || strings.Contains(string(out), "cascade") {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
	if out, err := exec.Command(tool, "security", "--offline=true", "--threshold=20", file).CombinedOutput(); err != nil {
		t.Errorf("systemd-analyze security finds it exposed by more than 2.0: %v\n%s", err, out)
	}
}

func TestTheImageIsWhatGoWants(t *testing.T) {
	t.Parallel()
	file := string(text(t, "Dockerfile"))
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(string(text(t, "../go.mod")))[1]
	for _, want := range []string{"FROM golang:" + version + "-", "CGO_ENABLED=0", "-buildvcs=true", "FROM scratch", "USER 65532:65532", "ca-certificates.crt"} {
		if !strings.Contains(file, want) {
			t.Errorf("the Dockerfile lacks %s", want)
		}
	}
	command := regexp.MustCompile(`(?m)^CMD \[(.*)\]`).FindStringSubmatch(file)
	var args []string
	for _, arg := range strings.Split(command[1], ",") {
		args = append(args, strings.Trim(arg, ` "`))
	}
	understood(t, "Dockerfile", args)
}
