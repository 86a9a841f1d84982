package traces

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/seed-438792ba/cascade/campaign"
)

// Import tells of an import, within the call that brings it, if there is one, and in the
// trace of its campaign, to which every message of it leads. end is told what came of it.
func (t *Traces) Import(ctx context.Context, id string, n campaign.Number) (within context.Context, end func(campaign.ImportReport, error)) {
	if t == nil {
		return ctx, func(campaign.ImportReport, error) {}
	}
	began := t.now()
	within, span := t.tracer.Start(ctx, "import", trace.WithTimestamp(began), trace.WithAttributes(attribute.String("cascade.campaign", id)))
	return within, func(report campaign.ImportReport, err error) {
		said := []attribute.KeyValue{
			attribute.Int("cascade.accepted", report.Accepted), attribute.Int("cascade.already_there", report.AlreadyThere), attribute.Int("cascade.rejected", report.Rejected),
		}
		span.SetAttributes(said...)
		if err != nil {
			span.SetStatus(codes.Error, "the import broke off") // the error may quote a row
		}
		span.End()
		of := trace.ContextWithRemoteSpanContext(context.Background(), ofCampaign(n, span.SpanContext().IsSampled()))
		_, marker := t.tracer.Start(of, "imported", trace.WithTimestamp(began), trace.WithAttributes(said...),
			trace.WithAttributes(attribute.String("cascade.campaign", id)), trace.WithLinks(trace.Link{SpanContext: span.SpanContext()}))
		marker.End()
	}
}

// mostLinks is how many messages of one call it links to; all of them link to it.
const mostLinks = 100

// Taken tells of single messages that were taken in, each in its own trace, linked to the
// call that brought them.
func (t *Traces) Taken(ctx context.Context, results []campaign.MessageResult) {
	if t == nil {
		return
	}
	call := trace.SpanFromContext(ctx)
	linked := 0
	for _, r := range results {
		if r.Result != campaign.Accepted || r.ID == nil || !t.share.has(trace.TraceID(*r.ID)) {
			continue
		}
		root := ofMessage(*r.ID, true)
		options := []trace.SpanStartOption{trace.WithSpanKind(trace.SpanKindProducer), trace.WithAttributes(attribute.String("cascade.campaign", r.Campaign))}
		if call.SpanContext().IsValid() {
			options = append(options, trace.WithLinks(trace.Link{SpanContext: call.SpanContext()}))
			if linked++; linked <= mostLinks {
				call.AddLink(trace.Link{SpanContext: root})
			}
		}
		_, span := t.tracer.Start(trace.ContextWithRemoteSpanContext(context.Background(), root), "taken", options...)
		span.End()
	}
}
