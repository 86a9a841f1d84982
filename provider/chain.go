package provider

import "github.com/seed-438792ba/cascade/campaign"

// Chainer is a provider that can be told to run a fallback of its own. A provider that is
// none gets no chain: what it cannot be told would not be sent, and nobody would know.
type Chainer interface {
	// ChainProblems says why the leg's chain cannot be told to the provider; nothing if it
	// can. Each leg of it is asked for with Supports besides.
	ChainProblems(leg campaign.Leg) []string
}

// NoChain is what is wrong with a chain at a provider that is no Chainer.
const NoChain = "this provider documents no fallback of its own: leave fallback out, and Cascade runs the route"
