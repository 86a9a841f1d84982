package traces

import (
	"context"
	"net/http"
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// environment is one of these variables.
func environment(pairs ...string) Env {
	return func(name string) (string, bool) {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1], true
			}
		}
		return "", false
	}
}

func TestOffUnlessACollectorIsNamed(t *testing.T) {
	t.Parallel()
	const endpoint, at = "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"
	for _, env := range []Env{
		environment(), environment(endpoint, ""), environment(endpoint, at, "OTEL_SDK_DISABLED", "true"), environment(endpoint, at, "OTEL_TRACES_EXPORTER", "none"),
	} {
		if got, err := New(t.Context(), Options{Env: env}); got != nil || err != nil {
			t.Errorf("%v, %v; want nothing", got, err)
		}
	}
	if _, err := New(t.Context(), Options{Env: environment(endpoint, at, "OTEL_TRACES_SAMPLER", "sometimes")}); err == nil {
		t.Error("a sampler that there is not is no error")
	}
}

// nothing is a ledger that keeps nothing.
type nothing struct{}

func (nothing) Load(context.Context, []campaign.MessageID) ([]fallback.Record, error) {
	return nil, nil
}
func (nothing) Save(context.Context, []fallback.Move) []error { return nil }

// What is off is not there: the ledger and the handler are the ones that were given.
func TestOffGivesBackWhatItIsGiven(t *testing.T) {
	var off *Traces
	if off.Ledger(nothing{}, nil) != (nothing{}) {
		t.Error("the ledger is another")
	}
	mux := http.NewServeMux()
	if off.Handler(mux) != http.Handler(mux) {
		t.Error("the handler is another")
	}
	if n := testing.AllocsPerRun(100, func() { off.Taken(t.Context(), nil) }); n != 0 {
		t.Errorf("%v allocations, want none", n)
	}
}

// BenchmarkOff is what traces cost a save when they are off.
func BenchmarkOff(b *testing.B) {
	moves := make([]fallback.Move, 1)
	for name, l := range map[string]fallback.Ledger{"bare": nothing{}, "off": (*Traces)(nil).Ledger(nothing{}, nil)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				l.Save(b.Context(), moves)
			}
		})
	}
}

// A share is of people, and the same in every process.
func TestAShareOfMessagesIsTraced(t *testing.T) {
	t.Parallel()
	part, err := shareOf(environment("OTEL_TRACES_SAMPLER", "parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG", "0.25"))
	if err != nil {
		t.Fatal(err)
	}
	const all = 4000
	n := 0
	for i := range all {
		id := campaign.IDKey{}.Message("spring", campaign.Destination([]byte{byte(i), byte(i >> 8)}), "")
		if part.has([16]byte(id)) {
			n++
		}
	}
	if n < all/5 || n > all*3/10 {
		t.Errorf("%d of %d are traced, want about a quarter", n, all)
	}
}
