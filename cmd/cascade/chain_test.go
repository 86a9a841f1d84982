package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
)

// TestProvidersChain has providers run the fallback by themselves, every magic number
// among the people: each gets one request, the phase is what the chain comes to, and the
// export and the summary say which channel reached whom.
func TestProvidersChain(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		provider string
		channels []string
		want     map[string]string // by the number's tail: phase and channel; else delivered whatsapp
	}{
		{"qlara", []string{"whatsapp", "rcs", "sms"}, map[string]string{
			"0002": "delivered rcs", "0003": "delivered sms", "0005": "delivered whatsapp overlap"}},
		{"infobip", []string{"whatsapp", "sms"}, map[string]string{
			"0002": "delivered sms", "0003": "delivered sms", "0005": "delivered whatsapp overlap"}},
		{"infobip", []string{"rcs", "sms"}, map[string]string{
			"0002": "delivered rcs", "0003": "delivered sms", "0005": "delivered rcs"}},
	} {
		t.Run(x.provider+" "+strings.Join(x.channels, " "), func(t *testing.T) {
			t.Parallel()
			runChain(t, x.provider, x.channels, x.want)
		})
	}
}

func runChain(t *testing.T, provider string, channels []string, want map[string]string) {
	first := channels[0]
	for tail, story := range map[string]string{"0001": "failed ", "0004": "unconfirmed ", "0013": "failed "} {
		want[tail] = story + first
	}
	for _, tail := range []string{"0015", "0016", "0017", "0018", "0019"} { // of a chain nobody can be asked
		want[tail] = "unconfirmed " + first
	}
	r := newRig(t, quick)
	people, numbers := crowd()
	file := "campaign: chain\nfallback: provider\nroute:\n"
	for i, channel := range channels {
		wait := ""
		if i == 0 {
			wait = "wait: 3s, "
		}
		file += fmt.Sprintf("  - {channel: %s, account: %s, %s%s}\n", channel, provider, wait, legs[provider][channel])
	}
	sum := r.run(r.file("chain.yaml", file+"recipients: {columns: {destination: telefono}}\n"), r.file("people.csv", people), 0)
	r.serving(func(base string) {
		reached := map[string]int{campaign.NotTold: 0}
		for _, channel := range channels {
			reached[channel] = 0
		}
		for number, line := range r.export(base, "chain") {
			tail := number[len(number)-4:]
			story, named := want[tail]
			if !named {
				story = "delivered " + first
			}
			got := line.Phase + " " + line.Channel
			if line.Overlap {
				got += " overlap"
			}
			if got != story {
				t.Errorf("%s: %s, want %s", tail, got, story)
			}
			if line.Phase == "delivered" {
				reached[line.Channel]++
			}
		}
		if got := fmt.Sprint(sum.Legs[0].Reached); len(sum.Legs) != 1 || got != fmt.Sprint(reached) {
			t.Errorf("the summary has %d legs and says %s, want one and %v", len(sum.Legs), got, reached)
		}
	})
	r.lawful(numbers)
	for number, seen := range r.requests() {
		for _, rec := range seen {
			if rec.Channel.String() != first {
				t.Errorf("%s: a request on %s beside the provider's chain", number[len(number)-4:], rec.Channel)
			}
		}
	}
}

// TestChainsAreRefusedBeforeTheyStart: what a provider documents no field for is told by
// validate.
func TestChainsAreRefusedBeforeTheyStart(t *testing.T) {
	t.Parallel()
	r := newRig(t, quick)
	file := func(name, account string, channels ...string) string {
		text := "campaign: " + name + "\nfallback: provider\nroute:\n"
		for _, channel := range channels {
			text += fmt.Sprintf("  - {channel: %s, account: %s, %s}\n", channel, account, legs[account][channel])
		}
		return r.file(name+".yaml", text)
	}
	for _, x := range []struct{ file, want string }{
		{file("half", "qlara", "whatsapp", "rcs"), "fallbackRcs needs a fallbackSms"},
		{file("none", "wab", "whatsapp", "sms"), "documents no fallback of its own"},
		{file("long", "infobip", "whatsapp", "rcs", "sms"), "one sms (smsFailover)"},
	} {
		if code, _, errs := r.cascade("campaign", "validate", x.file, "--config", r.config); code == 0 || !strings.Contains(errs, x.want) {
			t.Errorf("exit code %d: %s; want it to say %q", code, errs, x.want)
		}
	}
}
