package traces

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// share samples a share of all traces by their last 56 bits. Of a message's id these are a
// keyed hash of the person, so all processes agree on which messages are traced; the bits
// before them are a UUID's own, by which OpenTelemetry's sampler would go wrong.
type share float64

const hashed = 1<<56 - 1

func (s share) has(id trace.TraceID) bool {
	return float64(binary.BigEndian.Uint64(id[8:])&hashed) < float64(s)*(hashed+1)
}

// ShouldSample is sdk.Sampler. Who calls with a trace of their own decides for it.
func (s share) ShouldSample(p sdk.SamplingParameters) sdk.SamplingResult {
	parent := trace.SpanContextFromContext(p.ParentContext)
	sampled := s.has(p.TraceID)
	if parent.IsValid() {
		sampled = parent.IsSampled()
	}
	decision := sdk.Drop
	if sampled {
		decision = sdk.RecordAndSample
	}
	return sdk.SamplingResult{Decision: decision, Tracestate: parent.TraceState()}
}

func (s share) Description() string { return fmt.Sprintf("share of %v", float64(s)) }

// shareOf reads OTEL_TRACES_SAMPLER and its argument.
func shareOf(env Env) (share, error) {
	name, _ := env("OTEL_TRACES_SAMPLER")
	switch strings.TrimPrefix(name, "parentbased_") {
	case "", "always_on":
		return 1, nil
	case "always_off":
		return 0, nil
	case "traceidratio":
		text, _ := env("OTEL_TRACES_SAMPLER_ARG")
		ratio, err := strconv.ParseFloat(text, 64)
		if err != nil || ratio < 0 || ratio > 1 {
			return 0, fmt.Errorf("OTEL_TRACES_SAMPLER_ARG %q: want the share of messages to trace, from 0 to 1", text)
		}
		return share(ratio), nil
	}
	return 0, fmt.Errorf("OTEL_TRACES_SAMPLER %q: want always_on, always_off or traceidratio, also with parentbased_ before it", name)
}
