package provider

// Class says what a provider offers, on one channel, to resolve an unknown outcome.
type Class uint8

// The classes, as the provider's contract documents them. What it only leads one to
// expect is no class: a mistake here sends somebody the same message twice.
const (
	None       Class = iota // nothing: the campaign's policy decides
	Echo                    // our id comes back in receipts: wait for one
	Queryable               // it can be asked by our id; the adapter is an Asker
	Idempotent              // sent again with the same id, it is taken once
)

var classNames = [...]string{"none", "echo", "queryable", "idempotent"}

func (c Class) String() string { return classNames[c] }
