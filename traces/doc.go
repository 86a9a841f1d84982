// Package traces tells OpenTelemetry of every message: from the call or the import that
// brought it, over each send and each receipt, to its end.
//
// Nothing is kept for it per message. The trace id of a message is its own id, and the id of
// its root span follows from that, so that whichever process meets the message next goes on
// with the same trace. The spans are made of what the ledger has saved: a request lasts from
// its claim to its outcome, a wait from the answer to its end, a receipt is an instant. The
// root span is told when the message closes; a trace that is looked at before has none yet.
//
// It is off unless the environment names a collector (OTEL_EXPORTER_OTLP_ENDPOINT, or
// OTEL_EXPORTER_OTLP_TRACES_ENDPOINT), and then every function gives back what it was given.
// No span has a number, a text or a secret in it.
package traces
