// Package providertest asks every adapter the same questions, over real sockets on the
// loopback: does it write what the provider documents, does it judge every answer and
// every broken connection as the contract says, does it send nothing twice, does it
// read every documented callback and survive every other, does it keep its secrets.
//
// An adapter's own test fills a Kit and calls Run.
package providertest

import (
	"net/http"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// Adapter is what is tested.
type Adapter interface {
	provider.Sender
	provider.Reporter
}

// Kit is an adapter and what its contract says of it.
type Kit struct {
	// New makes the adapter of an account with every channel, at this address, with
	// these Secrets.
	New       func(baseURL string, client *provider.Client) (Adapter, error)
	Secrets   []string
	Sends     []Send
	Answers   []Answer
	Callbacks []Callback

	// Refusal is an answer of status 200 that says no to the first of Sends, in these
	// words; nil if the provider has none.
	Refusal func(words string) []byte
}

// Send is an attempt and the request that it must become.
type Send struct {
	Name    string
	Attempt campaign.Attempt
	Path    string
	Header  map[string]string // that the request must bear
	Example []byte            // the documented request, JSON; of a form, an object of its fields
	// Ours are the fields in which our request differs from the example, by our own
	// choice: their values, or nil for a field that we leave out.
	Ours map[string]any
	Yes  []byte           // the documented answer, of status 200
	Want provider.Outcome // of Yes
}

// Answer is one more answer and what must follow from it.
type Answer struct {
	Name    string
	Channel campaign.Channel // whose Send gets it; default: the first
	Status  int
	Header  map[string]string
	Body    string
	Want    provider.Outcome
	AnyWord bool // Want.Reason is not compared
}

// Callback is a request of the provider and what must be read in it.
type Callback struct {
	Name        string
	Method      string // default POST; a GET has its Body in the query
	ContentType string // of a POST; default application/json
	Body        []byte
	Want        []campaign.Receipt
	Ack         provider.Ack
}

// Run asks everything.
func Run(t *testing.T, k Kit) {
	t.Run("requests", k.requests)
	t.Run("answers", k.answers)
	t.Run("retry after", k.retryAfter)
	t.Run("not written", k.notWritten)
	t.Run("cut", k.cut)
	t.Run("gate", k.gates)
	t.Run("once", k.once)
	t.Run("privacy", k.privacy)
	t.Run("callbacks", k.callbacks)
	t.Run("hostile callbacks", k.hostile)
}

// now is the time that adapters are told.
var now = time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)

func (k Kit) adapter(t testing.TB, baseURL string) Adapter {
	t.Helper()
	return k.adapterWith(t, baseURL, provider.ClientOptions{Now: func() time.Time { return now }})
}

func (k Kit) adapterWith(t testing.TB, baseURL string, o provider.ClientOptions) Adapter {
	t.Helper()
	client := provider.NewClient(o)
	t.Cleanup(client.CloseIdle)
	a, err := k.New(baseURL, client)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return a
}

// send is the first Send of the channel, or the first of all.
func (k Kit) send(c campaign.Channel) Send {
	for _, s := range k.Sends {
		if s.Attempt.Channel == c {
			return s
		}
	}
	return k.Sends[0]
}

func open() error { return nil }

func answer(w http.ResponseWriter, status int, header map[string]string, body []byte) {
	for name, value := range header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(status)
	w.Write(body)
}
