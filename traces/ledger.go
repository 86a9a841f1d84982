package traces

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// Ledger is a ledger of whose saved moves the traces tell.
func (t *Traces) Ledger(l fallback.Ledger, book fallback.Book) fallback.Ledger {
	if t == nil {
		return l
	}
	return &ledger{l, book, t}
}

type ledger struct {
	fallback.Ledger
	book   fallback.Book
	traces *Traces
}

// Save saves, and tells of what is saved.
func (l *ledger) Save(ctx context.Context, moves []fallback.Move) []error {
	errs := l.Ledger.Save(ctx, moves)
	for i := range moves {
		m := &moves[i]
		if errs[i] != nil || !l.traces.share.has(trace.TraceID(m.After.ID)) {
			continue
		}
		if c, err := l.book.Campaign(ctx, m.After.ID.Number()); err == nil {
			(&story{l.traces, m, c, trace.SpanContextFromContext(ctx), l.traces.now()}).tell()
		}
	}
	return errs
}

// story is what one move tells.
type story struct {
	*Traces
	*fallback.Move
	campaign *campaign.Campaign
	cause    trace.SpanContext // the call that brought it about, if there is one
	at       time.Time
}

func (s *story) tell() {
	if s.Before.State.Phase == fallback.Sending && s.After.State.Phase != fallback.Sending {
		s.sent()
	}
	for i := range s.After.History {
		before := fallback.Attempt{}
		if i < len(s.Before.History) {
			before = s.Before.History[i]
		}
		s.heard(&before, &s.After.History[i])
	}
	if s.Before.State.Phase.Open() && !s.After.State.Phase.Open() {
		s.closed()
	}
}

// sent tells of a request, from its claim to its outcome.
func (s *story) sent() {
	id := s.Before.Attempt()
	for i := range s.After.History {
		a := &s.After.History[i]
		if int(a.Leg) != id.Leg() || int(a.Try) != id.Try() || a.Claimed.IsZero() {
			continue
		}
		outcome, bad := a.Best.String(), s.After.State.Phase == fallback.Unknown
		switch {
		case bad:
			outcome = fallback.Unknown.String()
		case a.End != fallback.NoEnd:
			outcome, bad = a.End.String(), true
		case a.Best <= fallback.FactStarted:
			outcome = "postponed"
		}
		s.span(trace.SpanKindClient, "send", a, claimed(uint64(s.Before.State.Ticket)), a.Claimed, outcome, bad)
		return
	}
}

// receipts are the facts that come by receipts.
func isReceipt(f fallback.Fact) bool { return f >= fallback.FactSent }

// heard tells of a receipt, and of a wait that ended without one.
func (s *story) heard(before, after *fallback.Attempt) {
	switch {
	case after.End == fallback.TimedOut && before.End != after.End:
		since := after.Answered
		if since.IsZero() {
			since = after.Claimed
		}
		s.span(trace.SpanKindInternal, "wait", after, trace.SpanID{}, since, after.End.String(), true)
	case after.End > fallback.Refused && before.End != after.End:
		s.span(trace.SpanKindConsumer, "receipt", after, trace.SpanID{}, s.at, after.End.String(), true)
	case isReceipt(after.Best) && after.Best > before.Best:
		s.span(trace.SpanKindConsumer, "receipt", after, trace.SpanID{}, s.at, after.Best.String(), false)
	}
}

// span tells of one thing that happened to an attempt, which ends now.
func (s *story) span(kind trace.SpanKind, what string, a *fallback.Attempt, id trace.SpanID, from time.Time, outcome string, bad bool) {
	lane := s.campaign.Route[a.Leg].Lane()
	ctx := trace.ContextWithRemoteSpanContext(withIDs(context.Background(), given{span: id}), ofMessage(s.After.ID, true))
	options := []trace.SpanStartOption{
		trace.WithSpanKind(kind), trace.WithTimestamp(from),
		trace.WithAttributes(
			attribute.String("cascade.campaign", s.campaign.ID), attribute.String("cascade.lane", lane.String()),
			attribute.String("cascade.attempt", s.After.ID.Attempt(int(a.Leg), int(a.Try)).String()), attribute.String("cascade.outcome", outcome),
		),
	}
	if s.cause.IsValid() {
		options = append(options, trace.WithLinks(trace.Link{SpanContext: s.cause}))
	}
	_, span := s.tracer.Start(ctx, what+" "+lane.String(), options...)
	if bad {
		span.SetStatus(codes.Error, outcome)
	}
	span.End(trace.WithTimestamp(s.at))
}

// closed tells of the message as a whole: the root, to which all the others belong.
func (s *story) closed() {
	root := ofMessage(s.After.ID, true)
	ctx := withIDs(context.Background(), given{root.TraceID(), root.SpanID()})
	phase := s.After.State.Phase
	_, span := s.tracer.Start(ctx, "message", trace.WithNewRoot(), trace.WithTimestamp(s.After.Time),
		trace.WithAttributes(attribute.String("cascade.campaign", s.campaign.ID), attribute.String("cascade.message", s.After.ID.String()), attribute.String("cascade.phase", phase.String())),
		trace.WithLinks(trace.Link{SpanContext: ofCampaign(s.After.ID.Number(), true)}))
	if phase != fallback.Delivered {
		span.SetStatus(codes.Error, phase.String())
	}
	span.End(trace.WithTimestamp(s.at))
}
