package simulator

import (
	"slices"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// The ways of an SMS: the versions of its API.
const (
	wabFirst  = "v1"
	wabSecond = "v2"
)

// The requests of the gateway. What a message says has the shape of Meta's Cloud API,
// of which media and interactive messages are not looked into. A reference is
// documented for SMS, and assumed to be taken for WhatsApp.
var (
	wabKinds = append([]string{"text", "template"}, wabOthers...)

	// Contents that are not looked into.
	wabOthers = []string{"image", "document", "audio", "video", "sticker", "location", "interactive", "reaction"}

	wabWhatsApp = object(append([]member{
		must("destination", e164),
		must("source", textWhere("digits without a plus", isDigits)),
		must("type", oneOf(wabKinds...)),
		may("reference", anyText),
		may("text", object([]member{must("body", length(1, 4096)), may("preview_url", flag)})),
		may("template", wabTemplate),
	}, wabUnseen()...), exactlyOne(wabKinds...), wabTyped)

	wabTemplate = object([]member{
		must("name", text),
		must("language", object([]member{must("code", text), may("policy", anyText)})),
		may("components", listOf(object([]member{
			must("type", oneOf("header", "body", "button")),
			may("sub_type", text), may("index", text),
			may("parameters", listOf(open(must("type", text), may("text", parameter), may("parameter_name", anyText)))),
		}))),
	})

	// source and reference are documented for version 1, and assumed for version 2.
	wabSMS = object([]member{
		must("destination", e164),
		must("content", text),
		may("source", text),
		may("class", text),
		may("reference", anyText),
		may("mask", text),
		may("sms_class", whole(0, 3)),
		may("scheduled", dateLike(time.RFC3339, "2025-10-01T09:00:00Z")),
	}, atMostOne("source", "class"))
)

func wabUnseen() (out []member) {
	for _, kind := range wabOthers {
		out = append(out, may(kind, anyObject))
	}
	return out
}

// wabTyped wants the content that the type names.
func wabTyped(o map[string]any, at string, say complain) {
	if kind := word(o, "type"); slices.Contains(wabKinds, kind) {
		needs("type", kind)(o, at, say)
	}
}

func (wab) readWhatsApp(body []byte) (message, []string) {
	o, problems := readObject(body, wabWhatsApp)
	return wabMessage(campaign.WhatsApp, o, wabKinds...), problems
}

func (wab) readSMS(version string, body []byte) (message, []string) {
	o, problems := readObject(body, wabSMS)
	m := wabMessage(campaign.SMS, o, "content", "class", "sms_class")
	m.way = version
	m.parts, m.unicode = smsParts(word(o, "content"))
	m.notBefore, _ = time.Parse(time.RFC3339, word(o, "scheduled")) // the shape was checked
	return m, problems
}

// wabMessage is what the channels have in common. The gateway reports each step, but
// never that a message was read, and knows nothing of parts.
func wabMessage(ch campaign.Channel, o map[string]any, content ...string) message {
	m := message{
		channel: ch, id: word(o, "reference"), echo: word(o, "reference"), from: word(o, "source"),
		content: encode(only(o, content...)), steps: true,
	}
	if to := word(o, "destination"); isE164(to) {
		m.to = campaign.Destination(to)
	}
	if m.id == "" {
		m.id = likeness(m)
	}
	return m
}
