package config

import (
	"os"
	"path/filepath"
	"strings"
)

// secretsVariable names a folder of files, as systemd, Docker and Kubernetes hand out
// secrets: a process shows its environment to more eyes than its files.
const secretsVariable = "CASCADE_SECRETS"

// WithSecrets has every variable that the environment lacks be the content of the file of
// its name, without the line's end, in the folder that $CASCADE_SECRETS names. What
// cannot be read there is not there.
func WithSecrets(env Env) Env {
	folder, _ := env(secretsVariable)
	if folder == "" {
		return env
	}
	return func(name string) (string, bool) {
		if value, there := env(name); there {
			return value, true
		}
		text, err := os.ReadFile(filepath.Join(folder, name))
		return strings.TrimRight(string(text), "\r\n"), err == nil
	}
}
