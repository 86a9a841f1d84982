package provider

import (
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
)

var (
	runLane    = campaign.Lane{Account: "a", Channel: campaign.WhatsApp}
	wrong      = Code{Outcome: Outcome{Kind: Refused}, Run: Wrong}
	suspicious = Code{Outcome: Outcome{Kind: Refused}, Run: Suspect}
	personal   = Code{Outcome: Outcome{Kind: Refused}}
)

// tell plays ends: w and s are a wrong and a suspicious code, p a personal one, . is fine.
// It gives after how many the first run was told, and how long it was; 0, 0: never.
func tell(r *Runs, play func(i int) byte, n int) (at, count int) {
	for i := range n {
		switch play(i) {
		case 'w':
			count = r.Tell(1, runLane, "http 400", wrong)
		case 's':
			count = r.Tell(1, runLane, "status rejected", suspicious)
		case 'p':
			count = r.Tell(1, runLane, "meta 131026", personal)
		default:
			r.Fine(1, runLane)
		}
		if count > 0 {
			return i + 1, count
		}
	}
	return 0, 0
}

func TestRuns(t *testing.T) {
	t.Parallel()
	every := func(pattern string) func(int) byte { return func(i int) byte { return pattern[i%len(pattern)] } }
	for _, c := range []struct {
		name      string
		play      func(int) byte
		at, count int
	}{
		{"twenty in a row", every("w"), 20, 20},
		{"nineteen and one that is fine", every("wwwwwwwwwwwwwwwwwww."), 53, 51},
		{"half of them", every("w."), 0, 0},
		{"two of three, once they are more than half of the last hundred", every("ww."), 76, 51},
		{"a personal code breaks the row", every("wwp"), 76, 51},
		{"two codes, neither in a row", every("ws"), 0, 0},
		{"a code that may be the people's, a hundred times", every("s"), 100, 100},
		{"ninety-nine, and one that is fine", func(i int) byte {
			if i%100 == 99 {
				return '.'
			}
			return 's'
		}, 0, 0},
		{"personal ones", every("p"), 0, 0},
		{"all is well", every("."), 0, 0},
	} {
		var r Runs
		if at, count := tell(&r, c.play, 1000); at != c.at || count != c.count {
			t.Errorf("%s: a run of %d after %d, want %d after %d", c.name, count, at, c.count, c.at)
		}
	}
}

func TestARunBeginsAnew(t *testing.T) {
	t.Parallel()
	var r Runs
	wrongs := func(int) byte { return 'w' }
	for again := range 3 {
		if at, _ := tell(&r, wrongs, 100); at != 20 {
			t.Errorf("time %d: told after %d, want 20", again+1, at)
		}
	}
	suspects := func(int) byte { return 's' }
	if at, _ := tell(&r, suspects, 1000); at != 100 {
		t.Errorf("told after %d, want 100", at)
	}
	if at, _ := tell(&r, suspects, 1000); at != 0 {
		t.Errorf("who let the lane go on is told again after %d", at)
	}
}

func TestRunsAreOfOneCampaignAndLane(t *testing.T) {
	t.Parallel()
	var r Runs
	for i := range 19 {
		for n := range campaign.Number(3) {
			for _, ch := range campaign.Channels() {
				if count := r.Tell(n, campaign.Lane{Account: "a", Channel: ch}, "http 400", wrong); count != 0 {
					t.Fatalf("a run of %d after %d of each", count, i+1)
				}
			}
		}
	}
}
