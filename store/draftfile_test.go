package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/store/redistest"
)

// drafted is a draft with a file of this text.
func (h *house) drafted(id, text string) campaign.Draft {
	h.t.Helper()
	d := campaign.Draft{ID: id, Campaign: twoLegs("summer")}
	must(h.t, h.KeepDraft(h.t.Context(), d))
	return h.filed(d, text)
}

func (h *house) filed(d campaign.Draft, text string) campaign.Draft {
	h.t.Helper()
	_, err := h.KeepDraftFile(h.t.Context(), d, "people.csv", strings.NewReader(text))
	must(h.t, err)
	return h.readDraft(d.ID)
}

func (h *house) readDraft(id string) campaign.Draft {
	h.t.Helper()
	d, err := h.Draft(h.t.Context(), id)
	must(h.t, err)
	return d
}

// files are the keys of files that are kept of drafts.
func (h *house) files() []string {
	h.t.Helper()
	keys, err := redistest.Admin(h.t, h.client).Keys(h.t.Context(), "cascade:{draft:*}:file:*").Result()
	must(h.t, err)
	return keys
}

// fileIs reads a draft's file.
func (h *house) fileIs(d campaign.Draft, want string) {
	h.t.Helper()
	if got, err := io.ReadAll(h.DraftFile(h.t.Context(), d)); err != nil || string(got) != want {
		h.t.Errorf("the draft's file has %d bytes, want %d: %v", len(got), len(want), err)
	}
}

// parts is a text of some parts and a bit.
func parts(n int) []byte {
	b := make([]byte, n*draftPart+1)
	_, _ = rand.Read(b)
	return b
}

func TestOfAFileThatDoesNotComeWholeNothingStays(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		d := h.drafted("one", "destination\n")
		gone, leave := context.WithCancel(t.Context())
		sick := errors.New("sick")
		for what, came := range map[string]struct {
			ctx  context.Context
			from io.Reader
			want error
		}{
			"an error":               {t.Context(), iotest.ErrReader(sick), sick},
			"a body broken off":      {t.Context(), iotest.ErrReader(io.ErrUnexpectedEOF), io.ErrUnexpectedEOF},
			"an end of another":      {t.Context(), iotest.ErrReader(fmt.Errorf("another: %w", io.EOF)), io.EOF},
			"a browser that is gone": {gone, iotest.DataErrReader(reading(leave)), context.Canceled},
		} {
			if _, err := h.KeepDraftFile(came.ctx, d, "next.csv", io.MultiReader(bytes.NewReader(parts(2)), came.from)); !errors.Is(err, came.want) {
				t.Errorf("%s: %v, want %v", what, err, came.want)
			}
			if files := h.files(); len(files) != 1 {
				t.Errorf("after %s: files %q, want that of before", what, files)
			}
			h.fileIs(h.readDraft("one"), "destination\n")
		}
	})
}

// reading is a source that does something, and goes on.
func reading(do func()) io.Reader {
	return io.MultiReader(readerFunc(func([]byte) (int, error) { do(); return 0, io.EOF }), bytes.NewReader(parts(2)))
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestAFileForWhichThereIsNoRoomIsForgotten(t *testing.T) {
	client := redistest.Real(t).Client(t)
	h := open(t, client)
	d := h.drafted("one", "destination\n")
	fills := reading(func() {
		memory, err := MemoryUse(t.Context(), client)
		must(t, err)
		must(t, redistest.Admin(t, client).ConfigSet(t.Context(), "maxmemory", fmt.Sprint(memory.Used*6/5)).Err())
		later := time.Now().Add(time.Minute)
		h.now = func() time.Time { return later }
	})
	if _, err := h.KeepDraftFile(t.Context(), d, "next.csv", io.MultiReader(bytes.NewReader(parts(2)), fills)); !errors.Is(err, ErrRedisFull) {
		t.Errorf("%v, want ErrRedisFull", err)
	}
	if files := h.files(); len(files) != 1 {
		t.Errorf("files %q, want that of before", files)
	}
}

// What came of a file while its process died is nobody's, and goes soon.
func TestPartsOfNoDraftExpireSoon(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		d := h.drafted("one", "destination\n")
		of := func() (shortest time.Duration) {
			for _, key := range h.files() {
				if left := redistest.Admin(t, h.client).PTTL(t.Context(), key).Val(); shortest == 0 || left < shortest {
					shortest = left
				}
			}
			return shortest
		}
		var during time.Duration
		d.File = nil
		_, err := h.KeepDraftFile(t.Context(), d, "next.csv", io.MultiReader(bytes.NewReader(parts(2)), readerFunc(func([]byte) (int, error) { during = of(); return 0, io.EOF })))
		must(t, err)
		if during <= 0 || during > partsFor {
			t.Errorf("while it comes a file is kept for %v, want at most %v", during, partsFor)
		}
		if after := of(); after <= partsFor {
			t.Errorf("when it has come it is kept for %v, want %v", after, draftsFor)
		}
	})
}
