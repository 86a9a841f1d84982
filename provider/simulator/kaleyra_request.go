package simulator

import (
	"regexp"
	"strings"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// The requests of Kaleyra. The documentation shows forms in two encodings; the one
// that published clients use for text is taken. Several recipients, separated by
// commas, are documented and not played.
var (
	// ref is documented for WhatsApp, and assumed to be taken everywhere.
	kaleyraRefs = []member{may("ref", length(0, 255)), may("ref1", length(0, 255)), may("ref2", length(0, 255))}

	kaleyraWhatsApp = object(append([]member{
		must("to", e164),
		must("from", textWhere("8 to 15 digits, with a plus or without", func(s string) bool { return isE164("+" + strings.TrimPrefix(s, "+")) })),
		must("type", oneOf("text", "template", "media")),
		must("channel", oneOf("whatsapp")),
		may("body", text),
		may("template_name", text), may("params", kaleyraParams), may("lang_code", text),
		may("param_url", text), may("media_url", text), may("media", text), may("caption", text),
		may("preview_url", oneOf("true", "false")),
		may("callback_url", text), may("callback_profile_id", text),
		may("source", oneOf("sandbox")),
	}, kaleyraRefs...), kaleyraKind, noHTML, atMostOne("callback_url", "callback_profile_id"))

	kaleyraSMS = object(append([]member{
		must("to", e164),
		must("sender", text),
		must("type", oneOf("MKT", "TXN", "OTP")),
		must("body", text),
		may("unicode", text), may("flash", oneOf("0", "1")), may("prefix", text),
		may("time", dateLike(time.RFC3339, "2024-07-13T12:58:00+04:30")),
		may("ref_custom", text), may("callback_profile_id", text), may("template_id", text),
	}, kaleyraRefs...), noHTML)

	kaleyraRCS = object(append([]member{
		must("from", text),
		must("to", single(bareNumber)),
		may("text", text),
		may("richCard", anyObject), may("richCardCarousel", anyObject),
	}, kaleyraRefs...), exactlyOne("text", "richCard", "richCardCarousel"))
)

// kaleyraParams is a list without any way to write a comma in a value.
func kaleyraParams(at string, v any, say complain) {
	s, _ := v.(string)
	for value := range strings.SplitSeq(s, ",") {
		parameter(at, value, say)
	}
}

// kaleyraKind looks for what each type of message needs.
func kaleyraKind(o map[string]any, at string, say complain) {
	switch o["type"] {
	case "text":
		exactlyOne("body", "template_name", "media_url", "media")(o, at, say)
		needs("type", "body")(o, at, say)
	case "template":
		needs("type", "template_name")(o, at, say)
	case "media":
		exactlyOne("media_url", "media")(o, at, say)
	}
}

func atMostOne(names ...string) func(map[string]any, string, complain) {
	return func(o map[string]any, at string, say complain) {
		if len(only(o, names...)) > 1 {
			say(at, "want at most one of "+strings.Join(names, ", "))
		}
	}
}

// holdsHTML is what is said of a field with HTML tags, for which there is a code.
const holdsHTML = "holds HTML tags"

var htmlTag = regexp.MustCompile(`</?[A-Za-z][^<>]*>`)

// noHTML looks into every field but the text itself.
func noHTML(o map[string]any, at string, say complain) {
	for name, v := range o {
		if s, _ := v.(string); name != "body" && htmlTag.MatchString(s) {
			say(join(at, name), holdsHTML)
		}
	}
}

func (kaleyra) readWhatsApp(body []byte) (message, []string) {
	o, problems := readForm(body, kaleyraWhatsApp)
	m := kaleyraMessage(campaign.WhatsApp, o, "type", "body", "template_name", "params", "lang_code",
		"param_url", "media_url", "media", "caption", "preview_url")
	m.receipts, m.seen = word(o, "callback_url"), word(o, "callback_url")
	return m, problems
}

func (kaleyra) readSMS(body []byte) (message, []string) {
	o, problems := readForm(body, kaleyraSMS)
	m := kaleyraMessage(campaign.SMS, o, "type", "body", "unicode", "flash", "template_id")
	if refs := word(o, "ref_custom"); refs != "" {
		first, _, _ := strings.Cut(strings.Trim(refs, "[]"), ",")
		m.id, m.echo = strings.Trim(first, "' "), refs
	}
	m.from, m.reads = word(o, "sender"), false
	m.parts, m.unicode = smsParts(word(o, "body"))
	m.notBefore, _ = time.Parse(time.RFC3339, word(o, "time")) // the shape was checked
	return m, problems
}

func (kaleyra) readRCS(body []byte) (message, []string) {
	o, problems := readObject(body, kaleyraRCS)
	return kaleyraMessage(campaign.RCS, o, "text", "richCard", "richCardCarousel"), problems
}

// kaleyraMessage is what the channels have in common. Kaleyra reports each step, and
// knows nothing of parts.
func kaleyraMessage(ch campaign.Channel, o map[string]any, content ...string) message {
	m := message{
		channel: ch, id: word(o, "ref"), from: word(o, "from"),
		to:      plussed(strings.TrimPrefix(word(o, "to"), "+")),
		content: encode(only(o, content...)),
		way:     word(o, "callback_profile_id"), steps: true, reads: true,
	}
	if m.id == "" {
		m.id = likeness(m)
	}
	return m
}
