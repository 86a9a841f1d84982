package traces

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Env looks up a variable of the environment, as os.LookupEnv does.
type Env func(name string) (value string, there bool)

// Options are what Traces need. Only Env must be set.
type Options struct {
	Env     Env
	Version string
	Now     func() time.Time // default: time.Now
	Log     *slog.Logger     // default: slog.Default()
}

// Traces tells of messages and calls. The nil Traces is off: it gives back what it is given.
type Traces struct {
	provider *sdk.TracerProvider
	tracer   trace.Tracer
	share    share
	now      func() time.Time
}

// wanted says whether the environment names a collector.
func wanted(env Env) bool {
	if off, _ := env("OTEL_SDK_DISABLED"); strings.EqualFold(off, "true") {
		return false
	}
	if exporter, _ := env("OTEL_TRACES_EXPORTER"); exporter == "none" {
		return false
	}
	for _, name := range []string{"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"} {
		if endpoint, _ := env(name); endpoint != "" {
			return true
		}
	}
	return false
}

// New makes the traces of a process, by OTLP over HTTP; nil, if the environment names no
// collector. Where it is and what else it wants (headers, timeout, certificates) is read by
// OpenTelemetry itself, from the process' own environment.
func New(ctx context.Context, o Options) (*Traces, error) {
	if !wanted(o.Env) {
		return nil, nil
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	part, err := shareOf(o.Env)
	if err != nil {
		return nil, err
	}
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, fmt.Errorf("send traces: %w", err)
	}
	what, err := resource.New(ctx,
		resource.WithAttributes(attribute.String("service.name", "cascade"), attribute.String("service.version", o.Version)),
		resource.WithTelemetrySDK(), resource.WithHost(), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("send traces: %w", err)
	}
	// OpenTelemetry has one such handler per process; the program sets it once, at its start.
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { o.Log.Warn("traces are not sent", "error", err) }))
	provider := sdk.NewTracerProvider(sdk.WithBatcher(exporter), sdk.WithResource(what), sdk.WithSampler(part), sdk.WithIDGenerator(source{}))
	return &Traces{provider: provider, tracer: provider.Tracer("github.com/seed-438792ba/cascade"), share: part, now: o.Now}, nil
}

// Close sends what is still to be sent.
func (t *Traces) Close(ctx context.Context) error {
	if t == nil {
		return nil
	}
	return t.provider.Shutdown(ctx)
}
