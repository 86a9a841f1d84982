package simulator

import (
	"regexp"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// infobipDate is the layout of every time that Infobip reads and writes.
const infobipDate = "2006-01-02T15:04:05.000-0700"

// infobipFree is the way of a WhatsApp message that is no template: it is answered
// without a list around it.
const infobipFree = "free form"

// The requests of Infobip, as its OpenAPI has them. Delivery windows, what is peculiar
// to a country, and RCS files and cards are not looked into.
var (
	infobipWhatsApp = []member{
		must("from", length(1, 24)),
		must("to", bareNumber),
		may("messageId", length(0, 200)),
		may("callbackData", length(0, 4000)),
		may("notifyUrl", length(1, 2048)),
		may("urlOptions", infobipTracking),
		may("smsFailover", object([]member{must("from", length(1, 24)), must("text", length(1, 4096))})),
		may("entityId", length(0, 255)),
		may("applicationId", length(0, 255)),
	}

	infobipTemplate = object([]member{
		must("messages", single(object(append([]member{must("content", object([]member{
			must("templateName", textWhere("1 to 512 lower case letters, digits and underscores",
				regexp.MustCompile(`^[a-z0-9_]{1,512}$`).MatchString)),
			must("language", text),
			must("templateData", object([]member{
				must("body", object([]member{must("placeholders", listOf(parameter))})),
				may("header", infobipHeader),
				may("buttons", infobipButtons),
			})),
		}))}, infobipWhatsApp...)))),
		may("bulkId", length(0, 100)),
	})

	// The contents of free-form messages, by the last part of the path.
	infobipContents = map[string][]member{
		"text":     {must("text", length(1, 4096)), may("previewUrl", flag)},
		"image":    {must("mediaUrl", length(1, 2048)), may("caption", anyText)},
		"video":    {must("mediaUrl", length(1, 2048)), may("caption", anyText)},
		"document": {must("mediaUrl", length(1, 2048)), may("caption", anyText), may("filename", anyText)},
		"audio":    {must("mediaUrl", length(1, 2048))},
		"sticker":  {must("mediaUrl", length(1, 2048))},
		"location": {must("latitude", anyNumber), must("longitude", anyNumber), may("name", anyText), may("address", anyText)},
	}

	infobipTracking = object([]member{
		may("shortenUrl", flag), may("trackClicks", flag), may("trackingUrl", text), may("removeProtocol", flag), may("customDomain", text),
	})

	infobipSMS = infobipMessages(
		object([]member{must("text", text), may("transliteration", text), may("language", anyObject)}),
		[]member{may("regional", anyObject), may("flash", flag)},
		nil, nil,
		[]member{may("includeSmsCountInResponse", flag), may("conversionTracking", anyObject)},
	)

	infobipRCS = infobipMessages(
		infobipRCSContent,
		[]member{may("smsFailover", infobipFailover), may("mmsFailover", anyObject)},
		[]member{may("receiveTriggeredFailoverReports", flag)},
		[]member{may("seen", object([]member{may("url", length(1, 2048))}))},
		[]member{may("messageOrdering", flag)},
	)

	// That the text is as long as WhatsApp's may be is assumed.
	infobipFailover = object([]member{must("sender", text), must("text", length(1, 4096)), may("validityPeriod", infobipValidity)})

	infobipValidity = object([]member{must("amount", integer), may("timeUnit", oneOf("SECONDS", "MINUTES", "HOURS"))})

	infobipRCSContent = typed(map[string]rule{
		"TEXT": object([]member{must("type", text), must("text", length(1, 3072)),
			may("suggestions", infobipSuggestions)}),
		"FILE": anyObject, "CARD": anyObject, "CAROUSEL": anyObject,
		"PROVIDER_TEMPLATE": object([]member{must("type", text), must("templateId", text),
			may("parameters", listOf(object([]member{must("name", text), must("value", text)})))}),
	})

	infobipHeader = typed(map[string]rule{
		"TEXT":     object([]member{must("type", text), must("placeholder", parameter)}),
		"DOCUMENT": object([]member{must("type", text), must("mediaUrl", length(1, 2048)), may("filename", text)}),
		"IMAGE":    object([]member{must("type", text), must("mediaUrl", length(1, 2048))}),
		"VIDEO":    object([]member{must("type", text), must("mediaUrl", length(1, 2048))}),
		"GIF":      object([]member{must("type", text), must("mediaUrl", length(1, 2048))}),
		"LOCATION": object([]member{must("type", text), must("latitude", anyNumber), must("longitude", anyNumber)}),
	})
)

// infobipMessages is the envelope that SMS and RCS share, with what is added to the
// options of a message, its delivery reports, its webhooks, and the whole request.
func infobipMessages(content rule, options, delivery, webhooks, whole []member) rule {
	return object([]member{
		must("messages", single(object([]member{
			must("sender", text),
			must("destinations", single(object([]member{must("to", bareNumber), may("messageId", length(0, 200))}))),
			must("content", content),
			may("options", object(append([]member{
				may("validityPeriod", infobipValidity),
				may("deliveryTimeWindow", anyObject),
				may("campaignReferenceId", length(0, 255)),
				may("platform", object([]member{may("entityId", length(0, 255)), may("applicationId", length(0, 255))})),
			}, options...))),
			may("webhooks", object(append([]member{
				may("delivery", object(append([]member{
					may("url", length(1, 2048)), may("intermediateReport", flag), may("notify", flag),
				}, delivery...))),
				may("contentType", oneOf("application/json")), // reports as XML are not played
				may("callbackData", length(0, 4000)),
			}, webhooks...))),
		}))),
		may("options", object(append([]member{
			may("schedule", object([]member{
				may("bulkId", length(0, 100)), may("sendAt", dateLike(infobipDate, "2025-01-01T10:10:00.000+0000")), may("sendingSpeedLimit", anyObject),
			})),
			may("tracking", infobipTracking),
		}, whole...))),
	})
}

func infobipFreeForm(content []member) rule {
	return object(append([]member{must("content", object(content))}, infobipWhatsApp...))
}

func (infobip) readTemplate(body []byte) (message, []string) {
	o, problems := readObject(body, infobipTemplate)
	m := infobipChat(dig(o, "messages"))
	m.given, m.also = word(o, "bulkId"), infobipChain(dig(o, "messages", "smsFailover"), "from")
	return m, problems
}

func (infobip) readFreeForm(shape rule, body []byte) (message, []string) {
	o, problems := readObject(body, shape)
	m := infobipChat(o)
	m.way = infobipFree
	return m, problems
}

// infobipChat is a WhatsApp message. One URL is told of everything about it.
func infobipChat(o any) message {
	return message{
		id: word(o, "messageId"), from: word(o, "from"), to: plussed(word(o, "to")),
		content: encode(dig(o, "content")), echo: word(o, "callbackData"),
		receipts: word(o, "notifyUrl"), seen: word(o, "notifyUrl"), reads: true,
	}
}

func (infobip) readRCS(body []byte) (message, []string) {
	o, problems := readObject(body, infobipRCS)
	m := infobipOrder(o)
	m.seen, m.reads = word(o, "messages", "webhooks", "seen", "url"), true
	m.also = infobipChain(dig(o, "messages", "options", "smsFailover"), "sender")
	return m, problems
}

// infobipChain is the provider's own fallback, an SMS; from names its sender's field.
func infobipChain(failover any, from string) []link {
	if text := word(failover, "text"); text != "" {
		return []link{linkSMS(word(failover, from), text, false)}
	}
	return nil
}

// An id that was used before is documented to be refused for an SMS, and only there.
func (infobip) readSMS(body []byte) (message, []string) {
	o, problems := readObject(body, infobipSMS)
	m := infobipOrder(o)
	m.once = true
	says := word(o, "messages", "content", "text")
	m.parts, m.unicode = smsParts(says)
	if m.parts > 25 || len(says) > 4000 {
		m.refused = tooLong
	}
	return m, problems
}

// infobipOrder is what an SMS and an RCS message have in common.
func infobipOrder(o any) message {
	one := dig(o, "messages")
	m := message{
		id: word(one, "destinations", "messageId"), given: word(o, "options", "schedule", "bulkId"),
		campaignID: word(one, "options", "campaignReferenceId"),
		from:       word(one, "sender"), to: plussed(word(one, "destinations", "to")),
		content: encode(dig(one, "content")), echo: word(one, "webhooks", "callbackData"),
		receipts: word(one, "webhooks", "delivery", "url"),
		quiet:    dig(one, "webhooks", "delivery", "notify") == false,
		steps:    dig(one, "webhooks", "delivery", "intermediateReport") == true,
	}
	m.notBefore, _ = time.Parse(infobipDate, word(o, "options", "schedule", "sendAt")) // the shape was checked
	return m
}

// plussed is a number that came without its plus, or "" if it is none.
func plussed(number string) campaign.Destination {
	if !isE164("+" + number) {
		return ""
	}
	return campaign.Destination("+" + number)
}

func infobipSuggestions(at string, v any, say complain) {
	listOf(open(must("type", text), must("text", text)))(at, v, say)
	if list, _ := v.([]any); len(list) > 11 {
		say(at, "want at most 11")
	}
}

// infobipButtons are at most ten, of them two with an address.
func infobipButtons(at string, v any, say complain) {
	listOf(object([]member{must("type", text), may("parameter", parameter)}))(at, v, say)
	list, _ := v.([]any)
	urls := 0
	for _, b := range list {
		if word(b, "type") == "URL" {
			urls++
		}
	}
	if len(list) > 10 || urls > 2 {
		say(at, "want at most 10, and of them at most 2 of type URL")
	}
}
