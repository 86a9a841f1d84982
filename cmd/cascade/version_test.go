package main

import (
	"bytes"
	"runtime"
	"runtime/debug"
	"testing"
)

func TestVersionOfABuild(t *testing.T) {
	t.Parallel()
	setting := func(key, value string) debug.BuildSetting { return debug.BuildSetting{Key: key, Value: value} }
	end := " " + runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH + "\n"
	for _, x := range []struct {
		info debug.BuildInfo
		want string
	}{
		{debug.BuildInfo{}, "cascade (devel)" + end},
		{debug.BuildInfo{Main: debug.Module{Version: "v1.0.0"}}, "cascade v1.0.0" + end},
		{debug.BuildInfo{Main: debug.Module{Version: "v1.0.0"}, Settings: []debug.BuildSetting{
			setting("vcs.revision", "0123456789abcdef"), setting("vcs.time", "2026-12-01T09:00:00Z"), setting("vcs.modified", "true"),
		}}, "cascade v1.0.0 (0123456789ab, 2026-12-01T09:00:00Z, modified)" + end},
	} {
		var b bytes.Buffer
		buildOf(&x.info).print(&b)
		if b.String() != x.want {
			t.Errorf("printed %q, want %q", b.String(), x.want)
		}
	}
}
