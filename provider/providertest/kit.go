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
	Supports(leg campaign.Leg) []string
}

// Open makes the adapter of an account at this address.
type Open func(baseURL string, client *provider.Client) (Adapter, error)

// Kit is an adapter and what its contract says of it.
type Kit struct {
	Provider  string // its name, for the table
	New       Open   // of an account with every channel, with these Secrets
	Secrets   []string
	Sends     []Send
	Answers   []Answer
	Callbacks []Callback

	// Refusal is an answer of status 200 that says no to the first of Sends, in these
	// words; nil if the provider has none.
	Refusal func(words string) []byte

	// Aside are the documented examples that no Send, Answer or Callback can use, and
	// why. All others in testdata must be used.
	Aside map[string]string

	tally *tally
}

// Answer is one more answer and what must follow from it.
type Answer struct {
	Name    string           // default: the Example
	Channel campaign.Channel // whose Send gets it; default: the first
	Status  int
	Header  map[string]string
	Example string // the documented body: a file of testdata, without its ending
	Body    string // where there is no Example
	Want    provider.Outcome
	AnyWord bool // Want.Reason is not compared
}

// Run asks everything, and logs how often each question was asked.
func Run(t *testing.T, k Kit) {
	k.tally = newTally()
	for _, question := range []struct {
		name string
		ask  func(*testing.T)
	}{
		{"every example is used", k.examples},
		{"golden requests", k.requests},
		{"status codes to outcomes", k.answers},
		{"both forms of Retry-After", k.retryAfter},
		{"not written: refused dial, TLS failure", k.notWritten},
		{"request cut at every byte", k.cutRequest},
		{"answer cut at every byte", k.cutAnswer},
		{"broken, unreadable or no answer", k.cut},
		{"the gate is asked once, and last", k.gates},
		{"no redirect, no replay", k.once},
		{"no secret, number or text in an error", k.privacy},
		{"documented callbacks", k.callbacks},
		{"hostile callbacks", k.hostile},
	} {
		t.Run(question.name, func(t *testing.T) {
			k.tally.ask(question.name)
			question.ask(t)
		})
	}
	k.tally.log(t, k.Provider)
}

// now is the time that adapters are told.
var now = time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)

func (k Kit) adapter(t testing.TB, baseURL string) Adapter {
	t.Helper()
	return opened(t, k.New, baseURL, provider.ClientOptions{Now: func() time.Time { return now }})
}

func opened(t testing.TB, open Open, baseURL string, o provider.ClientOptions) Adapter {
	t.Helper()
	client := provider.NewClient(o)
	t.Cleanup(client.CloseIdle)
	a, err := open(baseURL, client)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	return a
}

// first is the attempt of the first Send, and its documented yes.
func (k Kit) first(t testing.TB) (attempt campaign.Attempt, yes []byte) {
	t.Helper()
	return k.Sends[0].attempt(t), Example(t, k.Sends[0].Yes)
}

// send is the first Send of the channel, or the first of all.
func (k Kit) send(c campaign.Channel) Send {
	for _, s := range k.Sends {
		if s.channel() == c {
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
