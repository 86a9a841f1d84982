package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/client"
)

func TestOneReaderThatEndsWithTheLastWatcher(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHub(time.Second)
		var reads atomic.Int64
		read := func(context.Context) []byte { return fmt.Append(nil, reads.Add(1)) }
		first, leaveFirst, _ := h.watch("ann", "page", read)
		if got := string(<-first); got != "1" {
			t.Errorf("the first snapshot is %q", got)
		}
		second, leaveSecond, _ := h.watch("ann", "page", read)
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
			_, l, taken := h.watch(fmt.Sprint("person ", i/mostReadersOfOne), fmt.Sprint(i), read)
			if !taken {
				t.Fatalf("page %d was refused", i)
			}
			leave = append(leave, l)
		}
		if _, _, taken := h.watch("ann", "one more", read); taken {
			t.Error("one page more than there may be was taken")
		}
		if _, l, taken := h.watch("ann", "0", read); !taken {
			t.Error("who watches a page that is read was refused")
		} else {
			l()
		}
		h.close()
		if _, _, taken := h.watch("ann", "0", read); taken {
			t.Error("a closed hub took somebody")
		}
		for _, l := range leave {
			l()
		}
	})
}

func TestOneNameTakesNotAllStreams(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHub(time.Second)
		read := func(context.Context) []byte { return nil }
		watch := func(name, key string, want bool) {
			_, leave, taken := h.watch(name, key, read)
			if taken != want {
				t.Errorf("%s on page %s is taken: %v", name, key, taken)
			}
			if taken {
				t.Cleanup(leave)
			}
		}
		for i := range mostReadersOfOne {
			watch("eyes", fmt.Sprint(i), true)
		}
		watch("eyes", "one more", false)
		watch("ann", "one more", true)
		watch("eyes", "one more", false)
		for range mostWatchersOfOne - mostReadersOfOne {
			watch("eyes", "0", true)
		}
		watch("eyes", "0", false)
		watch("ann", "0", true)
	})
}

func TestWhatAPageDoesNotReadMakesNoOtherPage(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"/stream/lanes?x=1&y=2":                           "/lanes",
		"/stream/campaigns?z=1&q=a+b&state=paused&state=": "/campaigns?q=a+b&state=paused",
	} {
		p := lanesPlace
		if strings.Contains(address, campaigns.path) {
			p = campaigns
		}
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.pageOf(u); got.String() != want || p.streamOf(got) != "/stream"+want {
			t.Errorf("%s is the stream of %s, whose stream is %s; want %s", address, got, p.streamOf(got), want)
		}
	}
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

func TestATrackTellsRatesAndDrawsThem(t *testing.T) {
	t.Parallel()
	var all tracks
	at := time.Unix(1_000_000, 0)
	var p pace
	for i := range 400 {
		r := client.Report{Summary: campaign.Summary{
			Campaign: "spring", Accepted: 10_000, Counts: map[string]int{"scheduled": 10_000 - 10*i, "delivered": 10 * i},
			Legs: []campaign.LegSummary{{Sent: 20 * i, Delivered: 9 * i, Refused: i}},
		}}
		p = all.look(at.Add(time.Duration(i)*time.Second), r)
	}
	if p.First != 20 || p.Closed != 10 || p.Legs[0].Bad*10 != p.Legs[0].Ended {
		t.Errorf("the pace is %+v, want 20 first sends and 10 closes a second, a tenth not reached", p)
	}
	if eta(9000, p.First) != 450*time.Second || eta(0, 1) != 0 || eta(1, 0) != 0 {
		t.Errorf("9000 more take %v", eta(9000, p.First))
	}
	var c chart
	if err := json.Unmarshal([]byte(all.chart("spring")), &c); err != nil || len(c.Times) != ringSeconds {
		t.Fatalf("the chart has %d seconds: %v", len(c.Times), err)
	}
	if *c.Lanes[0].Sends[10] != 20 || *c.Lanes[1].Sends[10] != 10 || c.Lanes[0].Sends[0] != nil {
		t.Errorf("the chart is %+v", c.Lanes)
	}
	if text := all.chart("none"); text != `{"times":[],"lanes":[]}` {
		t.Errorf("of a campaign that nobody looked at it is %s", text)
	}
}

func TestFailedLoginsAreBounded(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_000_000, 0)
	f := newWrongTokens(func() time.Time { return now })
	for i := range 2 * mostPeers {
		f.note(fmt.Sprint(i))
	}
	if len(f.peers) > mostPeers {
		t.Errorf("%d addresses are remembered", len(f.peers))
	}
	now = now.Add(time.Hour)
	f.note("new")
	if len(f.peers) != 1 {
		t.Errorf("after an hour %d addresses are remembered, want the one", len(f.peers))
	}
}
