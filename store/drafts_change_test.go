package store

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/store/redistest"
)

// draftChanges are all that change a draft, told it as it is.
var draftChanges = map[string]func(*house, campaign.Draft) error{
	"campaign": func(h *house, d campaign.Draft) error { return h.ChangeDraft(h.t.Context(), d) },
	"file": func(h *house, d campaign.Draft) error {
		_, err := h.KeepDraftFile(h.t.Context(), d, "next.csv", strings.NewReader("destination\n"))
		return err
	},
	"check": func(h *house, d campaign.Draft) error {
		return h.KeepDraftCheck(h.t.Context(), d, campaign.DraftCheck{Validation: campaign.Validation{Sample: []campaign.SampleRow{{Line: 2}}}})
	},
}

func TestADraftAndItsFileLiveAsLong(t *testing.T) {
	for what, change := range draftChanges {
		t.Run(what, func(t *testing.T) {
			mini, client := redistest.Mini(t)
			h := open(t, client)
			now := time.Now()
			h.now = func() time.Time { return now }
			h.drafted("one", "destination\n")
			for range 3 {
				mini.FastForward(draftsFor - time.Hour)
				now = now.Add(draftsFor - time.Hour)
				must(t, change(h, h.readDraft("one")))
			}
			h.fileIs(h.readDraft("one"), "destination\n")
			h.drafted("two", "") // lists one, and whoever else is not too old
			if list, err := h.Drafts(t.Context()); err != nil || len(list) != 2 {
				t.Errorf("listed %+v, %v, want two", list, err)
			}
			mini.FastForward(draftsFor)
			if files := h.files(); len(files) != 0 {
				t.Errorf("a week after the last change there are %q", files)
			}
			if _, err := h.Draft(t.Context(), "one"); !errors.Is(err, fallback.ErrNoCampaign) {
				t.Errorf("and the draft: %v", err)
			}
		})
	}
}

func TestADraftThatIsGoneDoesNotComeBack(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for what, change := range draftChanges {
			d := h.drafted("one", "destination\n")
			must(t, h.DropDraft(t.Context(), "one"))
			if err := change(h, d); !errors.Is(err, fallback.ErrNoCampaign) {
				t.Errorf("%s of a draft that is gone: %v, want %v", what, err, fallback.ErrNoCampaign)
			}
			if keys := redistest.Admin(t, h.client).Keys(t.Context(), "cascade:{draft:*").Val(); len(keys) != 0 {
				t.Errorf("after a change of its %s there are %q", what, keys)
			}
		}
		must(t, h.KeepDraft(t.Context(), campaign.Draft{ID: "bare", Campaign: twoLegs("summer")}))
		must(t, h.DropDraft(t.Context(), "bare"))
		if list, err := h.Drafts(t.Context()); err != nil || len(list) != 0 {
			t.Errorf("listed %+v, %v", list, err)
		}
	})
}

// What is shown of a file is of this file, read as this campaign says.
func TestACheckIsOfTheDraftAsItIs(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for _, what := range []string{"campaign", "file"} {
			looked := h.drafted("one", "destination\n")
			must(t, draftChanges["check"](h, looked))
			if h.readDraft("one").Check == nil {
				t.Fatal("a check is not kept")
			}
			must(t, draftChanges[what](h, looked))
			if d := h.readDraft("one"); d.Check != nil {
				t.Errorf("after a change of its %s: the check of before", what)
			}
			if err := draftChanges["check"](h, looked); !errors.Is(err, ErrDraftChanged) {
				t.Errorf("a check that ends after a change of the %s: %v, want %v", what, err, ErrDraftChanged)
			}
			if d := h.readDraft("one"); d.Check != nil {
				t.Errorf("a check from before a change of the %s is kept", what)
			}
			must(t, h.DropDraft(t.Context(), "one"))
		}
	})
}

// Of files that come at once the last stays, and no other.
func TestOneFileOfADraftStays(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		seen := h.drafted("one", "destination\n")
		h.filed(seen, "second\n")
		h.fileIs(h.filed(seen, "third\n"), "third\n")
		if files := h.files(); len(files) != 1 {
			t.Errorf("there are %q", files)
		}
	})
}
