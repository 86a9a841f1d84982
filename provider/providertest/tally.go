package providertest

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// tally counts how often each question was asked.
type tally struct {
	mu        sync.Mutex
	questions []string
	counts    map[string]int
}

func newTally() *tally { return &tally{counts: map[string]int{}} }

// ask makes this the present question.
func (y *tally) ask(question string) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.questions = append(y.questions, question)
}

// add counts more cases of the present question.
func (y *tally) add(n int) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.counts[y.questions[len(y.questions)-1]] += n
}

// log writes the provider's part of the table: one line for each question, with the
// number of its cases.
func (y *tally) log(t *testing.T, provider string) {
	y.mu.Lock()
	defer y.mu.Unlock()
	var b strings.Builder
	for _, question := range y.questions {
		n := y.counts[question]
		if n == 0 && !t.Failed() {
			t.Errorf("%s: nothing was asked", question)
		}
		fmt.Fprintf(&b, "\n%-8s | %-40s | %6d", provider, question, n)
	}
	t.Log(b.String())
}
