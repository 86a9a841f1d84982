//go:build proof && linux

package main

import (
	"context"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/store"
)

// TestProof proves what Cascade promises, with real processes: a redis-server, the
// simulated provider, schedulers and workers that are killed, frozen, doubled, held
// and stopped. The provider's log and the ledger tell what came of it.
//
//	go test -tags proof -run TestProof -v -timeout 60m ./cmd/cascade
//
// With CASCADE_PROOF=short everything is smaller, and takes about ten minutes on two
// cores. Each proof prints its figures in one line that begins with PROOF, and with
// NOT PROVED when it failed.
func TestProof(t *testing.T) {
	t.Setenv("CASCADE_TEST_REAL", "1")             // a proof that was skipped would prove nothing
	store.LogDriver(slog.New(slog.DiscardHandler)) // it tells of every connection that a kill breaks
	binary := build(t)
	for _, p := range []struct {
		name  string
		prove func(*testing.T, string)
	}{
		{"kills", proveKills},
		{"rerun", proveRerun},
		{"frozen", proveFrozen},
		{"doubles", proveDoubles},
		{"limits", proveLimits},
		{"throttled", proveThrottled},
		{"pause", provePause},
		{"cancel", proveCancel},
		{"latency", proveLatency},
		{"import", proveImport},
		{"producer", proveProducer},
		{"drain", proveDrain},
		{"cluster", proveCluster},
		{"sentinel", proveSentinel},
		{"handover", proveHandover},
		{"scale", proveScale},
		{"webhooks", proveWebhooks},
		{"upgrade", proveUpgrade},
		{"restore", proveRestore},
		{"full", proveFull},
	} {
		t.Run(p.name, func(t *testing.T) { p.prove(t, binary) })
	}
}

// build makes the binary under test.
func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "cascade")
	ctx, done := context.WithTimeout(t.Context(), 5*time.Minute)
	defer done()
	if text, err := exec.CommandContext(ctx, "go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("build cascade: %v\n%s", err, text)
	}
	return binary
}

// sized gives the size of the full form, or of the short one.
func sized[T any](full, short T) T {
	if os.Getenv("CASCADE_PROOF") == "short" {
		return short
	}
	return full
}
