package web

import (
	"context"
	"sync"
	"time"
)

// How the live streams are kept within bounds.
const (
	everySecond  = time.Second
	readWithin   = 5 * time.Second // a snapshot that takes longer is given up
	mostReaders  = 200             // pages, each as seen by a role, that are read at a time
	mostWatchers = 2000

	mostReadersOfOne  = 20 // that people of one name make necessary
	mostWatchersOfOne = 500
)

// hub has one reader for each page that somebody watches, however many they are. It begins
// with the first and ends with the last.
type hub struct {
	every time.Duration
	done  chan struct{} // closed when all streams shall end

	mu       sync.Mutex
	closed   bool
	watchers int
	readers  map[string]*reader
}

func newHub(every time.Duration) *hub {
	return &hub{every: every, done: make(chan struct{}), readers: map[string]*reader{}}
}

// reader reads one page for its watchers.
type reader struct {
	watchers map[chan []byte]string // to the name of who watches
	last     []byte
	stop     context.CancelFunc
}

// watch gives a channel of snapshots, each the whole page; who is slow gets the latest.
// It is refused if too many watch, or this one too much.
func (h *hub) watch(name, key string, read func(context.Context) []byte) (snapshots <-chan []byte, leave func(), taken bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.readers[key]
	if h.closed || h.watchers >= mostWatchers || r == nil && len(h.readers) >= mostReaders || h.isTooMuch(name, r) {
		return nil, nil, false
	}
	if r == nil {
		ctx, stop := context.WithCancel(context.Background())
		r = &reader{watchers: map[chan []byte]string{}, stop: stop}
		h.readers[key] = r
		go h.run(ctx, r, read)
	}
	c := make(chan []byte, 1)
	if r.last != nil {
		c <- r.last
	}
	r.watchers[c] = name
	h.watchers++
	return c, func() { h.leave(key, r, c) }, true
}

// isTooMuch says whether who has this name watches as much as one may, for another page, or
// for one that they watch already.
func (h *hub) isTooMuch(name string, next *reader) bool {
	pages, all, there := 0, 0, false
	for _, r := range h.readers {
		n := 0
		for _, who := range r.watchers {
			if who == name {
				n++
			}
		}
		if all += n; n > 0 {
			pages++
			there = there || r == next
		}
	}
	return all >= mostWatchersOfOne || pages >= mostReadersOfOne && !there
}

func (h *hub) leave(key string, r *reader, c chan []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(r.watchers, c)
	h.watchers--
	if len(r.watchers) == 0 {
		r.stop()
		delete(h.readers, key)
	}
}

// run reads until nobody watches.
func (h *hub) run(ctx context.Context, r *reader, read func(context.Context) []byte) {
	ticker := time.NewTicker(h.every)
	defer ticker.Stop()
	for {
		within, done := context.WithTimeout(ctx, readWithin)
		snapshot := read(within)
		done()
		h.tell(r, snapshot)
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

func (h *hub) tell(r *reader, snapshot []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r.last = snapshot
	for c := range r.watchers {
		select { // what was not taken yet is out of date
		case <-c:
		default:
		}
		c <- snapshot
	}
}

// close ends all streams.
func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.closed {
		h.closed = true
		close(h.done)
	}
}
