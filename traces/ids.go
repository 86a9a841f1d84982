package traces

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"

	"go.opentelemetry.io/otel/trace"

	"github.com/seed-438792ba/cascade/campaign"
)

// ofMessage is a message's root span, wherever it is computed.
func ofMessage(id campaign.MessageID, sampled bool) trace.SpanContext {
	return computed(trace.TraceID(id), id[:], sampled)
}

// ofCampaign stands for a campaign. Its imports are told in its trace, and its messages link
// to it.
func ofCampaign(n campaign.Number, sampled bool) trace.SpanContext {
	name := []byte("cascade campaign " + n.String())
	sum := sha256.Sum256(name)
	return computed(trace.TraceID(sum[:16]), name, sampled)
}

// computed is the root span of a trace, of which only the name need be known.
func computed(id trace.TraceID, name []byte, sampled bool) trace.SpanContext {
	sum := sha256.Sum256(name)
	return trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: id, SpanID: trace.SpanID(sum[16:24]), TraceFlags: trace.TraceFlags(0).WithSampled(sampled), Remote: true,
	})
}

// claimed is the span of a request: its claim's own stamp, which nothing else bears.
func claimed(ticket uint64) (id trace.SpanID) {
	binary.BigEndian.PutUint64(id[:], ticket)
	return id
}

// given asks that the next span of a context has these ids.
type given struct {
	trace trace.TraceID
	span  trace.SpanID
}

type givenKey struct{}

func withIDs(ctx context.Context, ids given) context.Context {
	return context.WithValue(ctx, givenKey{}, ids)
}

// source gives spans the ids that their context asks for, and others at random.
type source struct{}

// NewIDs is of a span without a parent.
func (s source) NewIDs(ctx context.Context) (trace.TraceID, trace.SpanID) {
	ids, _ := ctx.Value(givenKey{}).(given)
	for !ids.trace.IsValid() {
		binary.BigEndian.PutUint64(ids.trace[:8], rand.Uint64())
		binary.BigEndian.PutUint64(ids.trace[8:], rand.Uint64())
	}
	return ids.trace, s.NewSpanID(ctx, ids.trace)
}

// NewSpanID is of a span with one.
func (source) NewSpanID(ctx context.Context, _ trace.TraceID) trace.SpanID {
	ids, _ := ctx.Value(givenKey{}).(given)
	for !ids.span.IsValid() {
		binary.BigEndian.PutUint64(ids.span[:], rand.Uint64())
	}
	return ids.span
}
