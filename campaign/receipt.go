package campaign

import "time"

// Receipt is what a provider reports later about an attempt, or about a person.
type Receipt struct {
	Attempt    AttemptID // zero: find it by ProviderID
	ProviderID string    // the provider's own id, where it names one that is not ours
	Account    string    // set by the receiver, not by the adapter
	Kind       ReceiptKind
	Reason     string    // the provider's words or code for a negative receipt, short
	Cause      Cause     // a negative receipt: what the provider's code says beyond that
	At         time.Time // by the provider's clock; zero: it did not say
	Part       int       // of a multi-part SMS, counted from 1; 0: the whole message
	Parts      int

	From    Destination // inbound: the person
	Channel Channel     `json:",omitzero"` // over which they wrote, or of which a receipt speaks; 0: it is not told
	Text    string      // inbound: what the person wrote, capped
}

// ReceiptKind is the canonical meaning of a provider's status word.
type ReceiptKind uint8

// The kinds of receipts. Sent, delivered and read rise in rank; the next three are
// negative; inbound is about a person and not about an attempt.
const (
	ReceiptUnknown ReceiptKind = iota // a word that nobody defined: counted, never guessed
	ReceiptAccepted
	ReceiptSent
	ReceiptDelivered
	ReceiptRead
	ReceiptUndeliverable
	ReceiptExpired
	ReceiptRejected
	ReceiptInbound
)

var receiptNames = [...]string{"unknown", "accepted", "sent", "delivered", "read", "undeliverable", "expired", "rejected", "inbound"}

func (k ReceiptKind) String() string { return receiptNames[k] }
