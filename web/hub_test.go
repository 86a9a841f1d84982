package web

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestOneReaderThatEndsWithTheLastWatcher(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHub(time.Second)
		var reads atomic.Int64
		read := func(context.Context) []byte { return fmt.Append(nil, reads.Add(1)) }
		first, leaveFirst, _ := h.watch("page", read)
		if got := string(<-first); got != "1" {
			t.Errorf("the first snapshot is %q", got)
		}
		second, leaveSecond, _ := h.watch("page", read)
		if got := string(<-second); got != "1" {
			t.Errorf("who comes later is given %q, want what is there", got)
		}
		time.Sleep(3500 * time.Millisecond)
		synctest.Wait()
		if got := string(<-first); got != "4" || reads.Load() != 4 {
			t.Errorf("who is slow is given %q after %d reads, want the last of 4", got, reads.Load())
		}
		leaveFirst()
		leaveSecond()
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if reads.Load() != 4 || len(h.readers) != 0 || h.watchers != 0 {
			t.Errorf("with nobody there it was read %d times; %d readers, %d watchers", reads.Load(), len(h.readers), h.watchers)
		}
	})
}

func TestTheHubHasBounds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHub(time.Second)
		read := func(context.Context) []byte { return nil }
		var leave []func()
		for i := range mostReaders {
			_, l, taken := h.watch(fmt.Sprint(i), read)
			if !taken {
				t.Fatalf("page %d was refused", i)
			}
			leave = append(leave, l)
		}
		if _, _, taken := h.watch("one more", read); taken {
			t.Error("one page more than there may be was taken")
		}
		if _, l, taken := h.watch("0", read); !taken {
			t.Error("who watches a page that is read was refused")
		} else {
			l()
		}
		h.close()
		if _, _, taken := h.watch("0", read); taken {
			t.Error("a closed hub took somebody")
		}
		for _, l := range leave {
			l()
		}
	})
}

func TestTheRingKeepsTheLastMinutes(t *testing.T) {
	t.Parallel()
	var r ring
	at := time.Unix(1_000_000, 0)
	for i := range 400 {
		r.add(at.Add(time.Duration(i)*time.Second), nil)
		r.add(at.Add(time.Duration(i)*time.Second+100*time.Millisecond), nil)
	}
	if len(r.samples) != ringSeconds {
		t.Errorf("%d samples are kept, want %d", len(r.samples), ringSeconds)
	}
}

func TestAttemptsAreBounded(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_000_000, 0)
	a := newAttempts(func() time.Time { return now })
	for i := range 2 * mostPeers {
		a.begin(fmt.Sprint(i))
	}
	if len(a.peers) > mostPeers {
		t.Errorf("%d addresses are remembered", len(a.peers))
	}
	now = now.Add(time.Hour)
	a.begin("new")
	if len(a.peers) != 1 {
		t.Errorf("after an hour %d addresses are remembered, want the one", len(a.peers))
	}
}
