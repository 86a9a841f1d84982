package simulator

import (
	"regexp"
	"strings"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// The requests of Qlara's current API, as its documentation has them. Lengths that it
// does not state are not limited, and neither is the make of an RCS card or carousel,
// whose members are not published.
var (
	qlaraCommon = []member{
		must("destination", e164),
		may("campaignId", length(1, 255)),
		may("messageId", text),
		may("simulation", flag),
		may("enableNotification", flag),
		may("placeholders", textMap),
		may("scheduledDate", dateLike(qlaraDate, "2025-10-01 09:00:00.000+0000")),
	}

	qlaraWhatsApp = object(append([]member{
		must("phoneNumberId", integer),
		may("template", object([]member{must("id", integer), may("mediaUrl", text)})),
		may("body", qlaraBody),
		may("fallbackRcs", object([]member{
			must("agentId", integer), may("templateId", integer), may("body", anyObject), may("type", qlaraType),
		}, exactlyOne("templateId", "body"), needs("body", "type"))),
		may("fallbackSms", object([]member{must("sender", qlaraSender), must("text", text)})),
	}, qlaraCommon...), exactlyOne("template", "body"), needs("fallbackRcs", "fallbackSms"))

	qlaraRCS = object(append([]member{
		must("agentId", integer),
		may("templateId", integer),
		may("body", anyObject),
		may("type", qlaraType),
		may("maxSmsParts", integer),
	}, qlaraCommon...), exactlyOne("templateId", "body"), needs("body", "type"), qlaraRCSText)

	qlaraSMS = object(append([]member{
		must("sender", qlaraSender),
		must("body", text),
		may("udhData", textWhere("hexadecimal digits", regexp.MustCompile(`^([0-9A-Fa-f]{2})+$`).MatchString)),
		may("skipRcsOverride", flag),
	}, qlaraCommon...))

	qlaraBody = object([]member{
		may("text", object([]member{must("body", text)})),
		may("image", qlaraMedia("caption")),
		may("video", qlaraMedia("caption")),
		may("audio", qlaraMedia()),
		may("sticker", qlaraMedia()),
		may("document", qlaraMedia("filename", "caption")),
		may("location", object([]member{must("latitude", decimal), must("longitude", decimal), may("name", text), may("address", text)})),
		may("reaction", object([]member{must("messageId", text), must("emoji", text)})),
	}, exactlyOne("text", "image", "video", "audio", "sticker", "document", "location", "reaction"))

	qlaraType = oneOf("TEXT", "CARD", "CAROUSEL")

	// Up to 11 letters and digits, or a number. Spaces between them are assumed.
	qlaraSender = textWhere("up to 11 letters and digits, or a number",
		regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9 ]{0,10}|\+?[0-9]{3,15})$`).MatchString)

	// Of what a suggestion's type names, an address and a number to dial are published.
	qlaraSuggestion = object([]member{
		must("type", oneOf("reply", "url", "dial", "coordinates", "location", "calendar")),
		must("text", text),
		may("url", object([]member{must("url", text)})),
		may("dial", object([]member{must("phoneNumber", e164)})),
		may("reply", anyObject), may("coordinates", anyObject), may("location", anyObject), may("calendar", anyObject),
	}, ofItsType)
)

// ofItsType wants what the type names, and nothing of another type.
func ofItsType(o map[string]any, at string, say complain) {
	for _, kind := range []string{"url", "dial", "coordinates", "location", "calendar"} {
		if _, there := o[kind]; there != (o["type"] == kind) {
			say(join(at, kind), "goes with the type of its name")
		}
	}
}

// qlaraDate is the layout of scheduledDate.
const qlaraDate = "2006-01-02 15:04:05.000-0700"

func qlaraMedia(optional ...string) rule {
	members := []member{may("url", text), may("key", text)}
	for _, name := range optional {
		members = append(members, may(name, text))
	}
	return object(members, exactlyOne("url", "key"))
}

// qlaraRCSText looks into the body of an RCS message of type TEXT.
func qlaraRCSText(o map[string]any, at string, say complain) {
	if body, there := o["body"]; there && o["type"] == "TEXT" {
		object([]member{must("text", text), may("suggestions", listOf(qlaraSuggestion)), may("fallbackSms", anyObject)})(join(at, "body"), body, say)
	}
}

func (qlara) read(ch campaign.Channel, body []byte) (message, []string) {
	o, problems := readObject(body, pick(ch, qlaraWhatsApp, qlaraRCS, qlaraSMS))
	m := message{channel: ch, reads: ch != campaign.SMS, eachPart: ch == campaign.SMS}
	m.id, _ = o["messageId"].(string)
	m.campaignID, _ = o["campaignId"].(string)
	if to, _ := o["destination"].(string); isE164(to) {
		m.to = campaign.Destination(to)
	}
	if len(problems) > 0 {
		return m, problems
	}
	m.dryRun, _ = o["simulation"].(bool)
	if wanted, there := o["enableNotification"].(bool); there {
		m.quiet = !wanted
	}
	if date, there := o["scheduledDate"].(string); there {
		m.notBefore, _ = time.Parse(qlaraDate, date) // the shape was checked
	}
	if ch == campaign.SMS {
		m.parts, m.unicode = smsParts(qlaraFill(o))
	}
	m.also = qlaraChain(o)
	m.content = encode(only(o, "template", "templateId", "type", "body", "placeholders", "fallbackRcs", "fallbackSms"))
	return m, nil
}

// qlaraFill is the SMS as the person reads it.
func qlaraFill(o map[string]any) string {
	text, _ := o["body"].(string)
	values, _ := o["placeholders"].(map[string]any)
	for name, v := range values {
		if value, ok := v.(string); ok {
			text = strings.ReplaceAll(text, "{"+name+"}", value)
		}
	}
	return text
}

// qlaraChain is the provider's own fallback.
func qlaraChain(o map[string]any) (also []link) {
	if _, there := o["fallbackRcs"]; there {
		also = append(also, link{channel: campaign.RCS})
	}
	if _, there := o["fallbackSms"]; there {
		also = append(also, linkSMS(word(o, "fallbackSms", "sender"), word(o, "fallbackSms", "text"), true))
	}
	return also
}
