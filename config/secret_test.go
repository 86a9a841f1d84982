package config

import (
	"os"
	"path/filepath"
	"testing"
)

func TestSecretsComeFromFiles(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, text := range map[string]string{"KEY": "from a file\n", "BOTH": "from a file", "CASCADE_REDIS": "redis://u:hush@redis.example\r\n"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	env := WithSecrets(environment(secretsVariable, folder, "BOTH", "from the environment"))
	for name, want := range map[string]string{"KEY": "from a file", "BOTH": "from the environment"} {
		if got, there := env(name); got != want || !there {
			t.Errorf("%s is %q, %t; want %q", name, got, there, want)
		}
	}
	if got, there := env("NONE"); there {
		t.Errorf("what is nowhere is %q", got)
	}
	c, err := Parse("cascade.yaml", nil, env)
	if err != nil || c.Redis.Address() != "redis://u:hush@redis.example" {
		t.Errorf("the address of Redis is not that of the file: %v, %v", c, err)
	}
}

func TestWithoutAFolderTheEnvironmentIsAllThereIs(t *testing.T) {
	t.Parallel()
	if got, there := WithSecrets(environment("KEY", "value"))("KEY"); got != "value" || !there {
		t.Errorf("KEY is %q, %t", got, there)
	}
}
