// Package simulator plays the providers over real HTTP: it takes their requests,
// answers as they do, sends their receipts, enforces the limits it is given, and can
// be told to misbehave. It keeps a log of every request it saw, from which a run can
// be judged afterwards.
//
// It is an independent judge. It knows what the providers publish and nothing of the
// adapters that speak to them, so that a mistake of theirs meets a refusal here and
// not the same mistake again. Nothing it takes ever leaves for a phone.
//
// A dialect is how one provider speaks: paths, requests, answers, callbacks. What
// becomes of a message (fate.go, magic.go), limits, log and receipts are the same for
// all of them. Qlara, Infobip, Kaleyra and Mobile Gateway WAB are played, at once and
// on one listener, for none has a path of another; each posts its receipts to its own
// address, or all to one.
//
// Where a contract leaves something open, the dialect says beside it what is assumed.
package simulator
