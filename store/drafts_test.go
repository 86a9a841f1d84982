package store

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/store/redistest"
)

// A draft's file comes back as it came, part by part, and makes room for the next one; one
// that broke off leaves the one before.
func TestADraftsFile(t *testing.T) {
	t.Parallel()
	mini, client := redistest.Mini(t)
	s, err := New(t.Context(), Options{Client: client})
	if err != nil {
		t.Fatal(err)
	}
	d := campaign.Draft{ID: "one", Campaign: campaign.Campaign{ID: "spring"}}
	if _, err := s.Draft(t.Context(), d.ID); !errors.Is(err, fallback.ErrNoCampaign) {
		t.Errorf("before there is one: %v", err)
	}
	if err := s.KeepDraft(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	source := rand.NewChaCha8([32]byte{1})
	for _, size := range []int{0, 1, draftPart, 3*draftPart + 17} {
		sent := make([]byte, size)
		source.Read(sent)
		f, err := s.KeepDraftFile(t.Context(), d, "people.csv", iotest.OneByteReader(bytes.NewReader(sent)))
		if err != nil || f.Bytes != int64(size) || f.Parts != (size+draftPart-1)/draftPart {
			t.Fatalf("%d bytes: kept %+v, %v", size, f, err)
		}
		d.File = &f
		got, err := io.ReadAll(s.DraftFile(t.Context(), d))
		if err != nil || !bytes.Equal(got, sent) {
			t.Fatalf("%d bytes: %d came back, %v", size, len(got), err)
		}
	}
	broken := io.MultiReader(bytes.NewReader(make([]byte, 2*draftPart)), iotest.ErrReader(io.ErrClosedPipe))
	if _, err := s.KeepDraftFile(t.Context(), d, "broken.csv", broken); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("an upload that broke off: %v", err)
	}
	files := 0
	for _, key := range mini.Keys() {
		if mini.TTL(key) == 0 && key == keyDraftFile(d.ID, d.File.Key) {
			t.Errorf("%s is kept for ever", key)
		}
		if len(key) > len(keyDraftFile(d.ID, "")) {
			files++
		}
	}
	if got, err := io.ReadAll(s.DraftFile(t.Context(), d)); err != nil || int64(len(got)) != d.File.Bytes || files > 1 {
		t.Errorf("after it: %d bytes of %d, %v; %d files", len(got), d.File.Bytes, err, files)
	}
}
