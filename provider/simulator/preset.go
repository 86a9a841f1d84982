package simulator

import "slices"

// Preset is a scenario that can be chosen by its name. What its text leaves out is as in
// DefaultScenario.
type Preset struct {
	Name string
	Does string
	Text string // YAML, as ParseScenario reads it
}

// Presets lists them.
func Presets() []Preset { return slices.Clone(presets) }

var presets = []Preset{
	{"lively", "most people are reached, some only by the fallback (the default)", ""},
	{"ideal", "answers and delivers at once, to everybody", `
latency: {min: 0s, max: 0s}
outcomes:
  whatsapp: {refused: 0, undeliverable: 0, silent: 0, read: 0}
  rcs: {refused: 0, undeliverable: 0, silent: 0, read: 0}
  sms: {refused: 0, undeliverable: 0, silent: 0, read: 0}
receipts: {delay: {min: 0s, max: 0s}}
`},
	{"slow", "every answer takes two to four seconds", "latency: {min: 2s, max: 4s}"},
	{"throttled", "one request in five is answered 429, and 3 s are asked for", "throttled: 0.2\nretry_after: 3s"},
	{"limited", "10/1s on each channel, and 100/1m for each account", `
limits: {account: [100/1m], whatsapp: [10/1s], rcs: [10/1s], sms: [10/1s]}
`},
	{"unreachable", "WhatsApp reaches nobody: half is refused, half undeliverable", "outcomes: {whatsapp: {refused: 0.5, undeliverable: 0.5, silent: 0}}"},
	{"deaf", "everything is delivered, and no receipt ever comes", "receipts: {lost: 1}"},
	{"stuttering", "every receipt comes twice", "receipts: {doubled: 1}"},
	{"away", "for 30 s every request is answered 503", "outages: [{from: 0s, to: 30s}]"},
	{"broken", "for 30 s every connection is cut", "outages: [{from: 0s, to: 30s, cut: true}]"},
	{"refuses duplicates", "an id that was taken before is refused", "duplicates: refuse"},
	{"ignores duplicates", "an id that was taken before is answered yes, and not sent", "duplicates: ignore"},
	{"sends duplicates", "an id that was taken before is sent again", "duplicates: send_twice"},
}

// presetText is the text of the preset of this name.
func presetText(name string) (text string, found bool) {
	i := slices.IndexFunc(presets, func(p Preset) bool { return p.Name == name })
	if i < 0 {
		return "", false
	}
	return presets[i].Text, true
}
