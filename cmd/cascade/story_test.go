package main

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider/simulator"
)

var update = flag.Bool("update", false, "write the stories of the magic numbers anew: read the difference")

// storyCampaign waits on its first leg for long enough that what is unknown is asked.
const storyCampaign = `campaign: stories
route:
  - {channel: whatsapp, account: qlara, wait: 12s, template: {id: 42}}
  - {channel: rcs, account: qlara, wait: 3s, template: {id: 10}}
  - {channel: sms, account: qlara, wait: 3s, text: "Ciao {nome}"}
recipients: {region: IT, columns: {destination: telefono}}
`

// unhurried is quick, but what is reported comes well after what is answered: a story's
// order is that of its times.
func unhurried() simulator.Scenario {
	sc := quick
	delay := campaign.Duration(500 * time.Millisecond)
	sc.Receipts.Delay = simulator.Span{Min: delay, Max: delay}
	return sc
}

// TestStoriesOfTheMagicNumbers holds what `message show` tells of each magic number
// against a text that a person can read, in testdata/story.
func TestStoriesOfTheMagicNumbers(t *testing.T) {
	t.Parallel()
	r := newRig(t, unhurried())
	tricks := simulator.Magic()
	people := "nome,telefono\n"
	for _, trick := range tricks {
		people += "Ada,+39340123" + trick.Tail + "\n"
	}
	file, recipients := r.file("stories.yaml", storyCampaign), r.file("people.csv", people)
	r.serving(func(base string) {
		for _, args := range [][]string{{"create", file}, {"upload", "stories", recipients}, {"start", "stories"}, {"watch", "stories"}} {
			if code, _, errs := r.cascade(append(append([]string{"campaign"}, args...), "--server", base)...); code != 0 {
				t.Fatalf("%s: exit code %d\n%s", args[0], code, errs)
			}
		}
		lines := r.export(base, "stories")
		for _, trick := range tricks {
			r.wantStory(trick, func() string {
				_, out, errs := r.cascade("message", "show", lines["+39340123"+trick.Tail].Message, "--server", base)
				return "A number that ends in " + trick.Tail + ": " + trick.Does + ".\n\n" + timeless(out) + errs
			})
		}
	})
}

// wantStory waits until a story is as it is kept: what closes a message is not the last
// that is heard of it.
func (r *rig) wantStory(trick simulator.Trick, tell func() string) {
	r.t.Helper()
	path := filepath.Join("testdata/story", trick.Tail+".txt")
	if *update {
		<-time.After(time.Second) // a person reads the difference, and sees if something was still to come
		if err := os.WriteFile(path, []byte(tell()), 0o644); err != nil {
			r.t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(path)
	if err != nil {
		r.t.Fatal(err)
	}
	deadline := time.After(10 * time.Second)
	for {
		got := tell()
		if got == string(kept) {
			return
		}
		select {
		case <-deadline:
			r.t.Errorf("%s is told otherwise (go test ./cmd/cascade -run Stories -update):\n%s\nkept:\n%s", trick.Tail, got, kept)
			return
		case <-time.After(100 * time.Millisecond): // more may come
		}
	}
}

var (
	timeInStory = regexp.MustCompile(`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{3}Z| UTC)`)
	idInStory   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)
)

// timeless takes out of a story what is another each time.
func timeless(story string) string {
	story = timeInStory.ReplaceAllStringFunc(story, func(at string) string {
		if strings.HasSuffix(at, "UTC") {
			return "its time"
		}
		return "--:--:--"
	})
	return idInStory.ReplaceAllString(strings.ReplaceAll(story, strings.Repeat(" ", len(storyTime)), "        "), "4f0c…")
}
