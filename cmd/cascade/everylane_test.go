package main

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider/simulator"
)

// legs are what each provider is given to send on each of its channels.
var legs = map[string]map[string]string{
	"qlara": {
		"whatsapp": "template: {id: 42, placeholders: [nome]}", "rcs": "template: {id: 10, placeholders: [nome]}", "sms": `text: "Ciao {nome}"`,
	},
	"infobip": {
		"whatsapp": `template: {name: spring_sale, language: it, header: "{nome}", parameters: ["{nome}"], buttons: ["{nome}"]}`,
		"rcs":      "template: {name: spring_sale, placeholders: [nome]}", "sms": `text: "Ciao {nome}"`,
	},
	"kaleyra": {
		"whatsapp": `template: {name: spring_sale, language: it, parameters: ["{nome}"], buttons: ["{nome}"]}`,
		"rcs":      `text: "Ciao {nome}"`, "sms": `text: "Ciao {nome}"`,
	},
	"wab": {
		"whatsapp": `template: {name: spring_sale, language: it, header: "{nome}", parameters: ["{nome}"]}`, "sms": `text: "Ciao {nome}"`,
	},
}

// quick is a provider that answers at once, and breaks off soon what it never answers.
var quick = simulator.Scenario{Hold: campaign.Duration(200 * time.Millisecond)}

// laneSize is how many people a campaign of one lane has.
const laneSize = 500

// crowd is a recipients' file with every magic number in it, and the numbers.
func crowd() (file string, numbers []string) {
	tricks := simulator.Magic()
	for i := range laneSize {
		tail := fmt.Sprintf("%04d", 1000+i)
		if i < len(tricks) {
			tail = tricks[i].Tail
		}
		numbers = append(numbers, "+39340123"+tail)
	}
	return "nome,telefono\nAda," + strings.Join(numbers, "\nAda,") + "\n", numbers
}

// TestEveryLane runs a campaign over each channel of each provider, every magic number
// among its people. What becomes of each is what the table of magic numbers says, the
// books balance, and nothing that was sent was against a contract. All run at once, for
// each spends its time waiting for what the magic numbers delay.
func TestEveryLane(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of people, whose waits are told in seconds: too slow where races are watched")
	}
	t.Parallel()
	var lanes sync.WaitGroup
	for _, p := range simulator.Providers() {
		for _, channel := range campaign.Channels() {
			if leg, has := legs[p.Name][channel.String()]; has {
				lanes.Go(func() {
					t.Run(p.Name+"."+channel.String(), func(t *testing.T) { runLane(t, p.Name, channel, leg) })
				})
			}
		}
	}
	lanes.Wait()
}

func runLane(t *testing.T, provider string, channel campaign.Channel, leg string) {
	r := newRig(t, quick)
	people, numbers := crowd()
	file := r.file("lane.yaml", fmt.Sprintf("campaign: lane\nroute:\n  - {channel: %s, account: %s, wait: 3s, %s}\nrecipients: {columns: {destination: telefono}}\n",
		channel, provider, leg))
	sum := r.run(file, r.file("people.csv", people), 0)
	if sum.Accepted != laneSize || sum.Legs[0].Throttled != 1 {
		t.Errorf("accepted %d, throttled %d; want %d and 1", sum.Accepted, sum.Legs[0].Throttled, laneSize)
	}
	r.serving(func(base string) {
		for number, line := range r.export(base, "lane") {
			if want := alone(provider, channel, number); line.Phase != want {
				t.Errorf("%s: %s (%s), want %s", number[len(number)-4:], line.Phase, line.story(), want)
			}
		}
	})
	r.lawful(numbers)
}

// alone is the phase in which a message ends that has one leg.
func alone(provider string, channel campaign.Channel, number string) string {
	unheard := provider == "kaleyra" && channel == campaign.RCS // neither its answer nor a receipt names our id
	switch tail := number[len(number)-4:]; {
	case tail == "0001", tail == "0013",
		tail == "0002" && channel == campaign.WhatsApp, tail == "0003" && channel != campaign.SMS:
		return "failed"
	case tail == "0004", tail == "0005" && channel == campaign.WhatsApp, tail == "0008" && unheard:
		return "unconfirmed"
	case slices.Contains(outlived[provider+"."+channel.String()], tail), slices.Contains(outlived[provider], tail):
		return "unconfirmed"
	}
	return "delivered"
}

// outlived are the magic numbers whose unknown outcome nothing resolves within the leg's
// wait: what was never taken is resent once a minute of asking has confirmed it, and
// only some can be asked, or be sent the same again.
var outlived = map[string][]string{
	"qlara":            {"0016", "0018", "0019"},
	"infobip.sms":      {"0015", "0017", "0019"},
	"infobip.whatsapp": {"0015", "0016", "0017", "0018", "0019"},
	"infobip.rcs":      {"0015", "0016", "0017", "0018", "0019"},
	"kaleyra":          {"0015", "0016", "0017", "0018", "0019"},
	"wab":              {"0015", "0016", "0017", "0018", "0019"},
}

// lawful asks that the simulator saw these people, nobody twice on one channel, and
// nothing against a contract.
func (r *rig) lawful(numbers []string) {
	r.t.Helper()
	seen := r.requests()
	for _, number := range numbers {
		tail := number[len(number)-4:]
		taken := map[campaign.Channel]int{}
		for _, rec := range seen[number] {
			switch rec.Answer {
			case simulator.Duplicate:
				if !repeatable(rec) {
					r.t.Errorf("%s: a request was %s: %s", tail, rec.Answer, rec.Content)
				}
			case simulator.Malformed, simulator.Unauthorised:
				r.t.Errorf("%s: a request was %s: %s", tail, rec.Answer, rec.Content)
			}
			if rec.Taken {
				taken[rec.Channel]++
			}
			if taken[rec.Channel] > 1 {
				r.t.Errorf("%s: taken twice; the simulator saw %s", tail, told(seen[number]))
			}
		}
		if len(seen[number]) == 0 {
			r.t.Errorf("%s was never tried", tail)
		}
	}
	if strayed := r.simulator.Stats().Strayed; strayed > 0 {
		r.t.Errorf("%d requests went to paths that no provider has", strayed)
	}
}

// repeatable says whether the same again is the way to find out what became of it.
func repeatable(rec simulator.Record) bool {
	return rec.Provider == "infobip" && rec.Channel == campaign.SMS
}

// TestThreeProviders falls back from one provider's WhatsApp to another's RCS to a
// third's SMS.
func TestThreeProviders(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of people, whose waits are told in seconds: too slow where races are watched")
	}
	t.Parallel()
	r := newRig(t, quick)
	people, numbers := crowd()
	file := r.file("three.yaml", fmt.Sprintf(`campaign: three
route:
  - {channel: whatsapp, account: wab, wait: 1s, %s}
  - {channel: rcs, account: infobip, wait: 1s, %s}
  - {channel: sms, account: kaleyra, wait: 1s, %s}
recipients: {columns: {destination: telefono}}
`, legs["wab"]["whatsapp"], legs["infobip"]["rcs"], legs["kaleyra"]["sms"]))
	sum := r.run(file, r.file("people.csv", people), 0)
	if len(sum.Legs) != 3 || sum.Legs[1].Sent == 0 || sum.Legs[2].Sent == 0 {
		t.Errorf("legs %+v, want requests on all three", sum.Legs)
	}
	want := map[string]string{
		"0001": "failed whatsapp refused, rcs refused",
		"0002": "delivered whatsapp rejected, rcs delivered",
		"0003": "delivered whatsapp rejected, rcs undelivered, sms delivered",
		"0004": "unconfirmed whatsapp timed_out, rcs timed_out, sms timed_out",
		"0005": "delivered whatsapp timed_out, rcs delivered", // no later request at the same provider tells of it
		"0013": "failed whatsapp rejected, rcs undelivered, sms undelivered",
	}
	for _, tail := range outlived["wab"] { // nor can any of these three be asked, or be sent the same again
		want[tail] = want["0004"]
	}
	r.serving(func(base string) {
		for number, line := range r.export(base, "three") {
			tail := number[len(number)-4:]
			story, named := want[tail]
			if !named {
				story = "delivered whatsapp delivered"
			}
			if got := line.Phase + " " + line.story(); got != story {
				t.Errorf("%s: %s, want %s", tail, got, story)
			}
		}
	})
	r.lawful(numbers)
}
