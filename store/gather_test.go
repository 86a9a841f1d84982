package store

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
)

// double answers each number with its double, and keeps how many came together.
type double struct {
	gather[int, int]
	mu    sync.Mutex
	calls []int
	hold  chan struct{} // a call waits for it
}

func newDouble(most int) *double {
	d := &double{hold: make(chan struct{})}
	d.gather = gather[int, int]{most: most, call: func(_ context.Context, in []int) ([]int, error) {
		d.mu.Lock()
		d.calls = append(d.calls, len(in))
		d.mu.Unlock()
		<-d.hold
		out := make([]int, len(in))
		for i, n := range in {
			if n < 0 {
				return nil, errors.New("negative")
			}
			out[i] = 2 * n
		}
		return out, nil
	}}
	return d
}

func TestWhoComesDuringACallGoesWithTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDouble(10)
		var wait sync.WaitGroup
		for i := range 13 {
			wait.Go(func() {
				got, err := d.do(t.Context(), i, 100+i)
				if err != nil || !slices.Equal(got, []int{2 * i, 200 + 2*i}) {
					t.Errorf("%d and %d gave %v, %v", i, 100+i, got, err)
				}
			})
			synctest.Wait()
		}
		close(d.hold)
		wait.Wait()
		if want := []int{2, 10, 10, 4}; !slices.Equal(d.calls, want) {
			t.Errorf("calls carried %v, want %v: one alone, then ten at most", d.calls, want)
		}
		if _, err := d.do(t.Context(), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11); err != nil {
			t.Errorf("one that asks for more than a call carries is refused: %v", err)
		}
	})
}

func TestACallsErrorIsEverybodys(t *testing.T) {
	d := newDouble(10)
	close(d.hold)
	if _, err := d.do(t.Context(), -1); err == nil {
		t.Error("a call that failed gave no error")
	}
	if got, err := d.do(t.Context(), 4); err != nil || got[0] != 8 {
		t.Errorf("the next call gave %v, %v", got, err)
	}
}

func TestWhoGivesUpKeepsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDouble(10)
		ctx, cancel := context.WithCancel(t.Context())
		var wait sync.WaitGroup
		wait.Go(func() {
			if _, err := d.do(ctx, 1); !errors.Is(err, context.Canceled) {
				t.Errorf("who gave up was answered %v", err)
			}
		})
		synctest.Wait()
		cancel()
		wait.Wait()
		close(d.hold)
		if got, err := d.do(t.Context(), 2); err != nil || got[0] != 4 {
			t.Errorf("who came later was answered %v, %v", got, err)
		}
	})
}
