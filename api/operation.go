package api

import (
	"reflect"

	"github.com/seed-438792ba/cascade/campaign"
)

// operation says of a route, in the OpenAPI document, what its code cannot: in words what
// it does, and by their types what it takes and gives.
type operation struct {
	name, does string
	query      []parameter
	takes      []content // none: no body; an order may be left out
	optional   bool      // the body may be left out
	gives      []content
	created    bool   // 201 where it made something, else 200
	fails      []kind // besides those that follow from the route's role and body
}

// parameter is one of a query's.
type parameter struct {
	name, means string
	schema      schema
}

// content is a body of a media type. A nil type is a text of that media type.
type content struct {
	media string
	of    reflect.Type
}

const (
	asJSON   = "application/json"
	asYAML   = "application/yaml"
	asCSV    = "text/csv"
	asNDJSON = "application/x-ndjson"
)

func body[T any](media string) content { return content{media, reflect.TypeFor[T]()} }

func text(media string) content { return content{media: media} }

func one(c content) []content { return []content{c} }

// changes is an operation that takes an order and gives how things then stand.
func changes[T any](name, does string, fails ...kind) operation {
	return operation{name: name, does: does, takes: one(body[Order](asJSON)), optional: true, gives: one(body[T](asJSON)), fails: fails}
}

// shows is an operation that only gives.
func shows[T any](name, does string, fails ...kind) operation {
	return operation{name: name, does: does, gives: one(body[T](asJSON)), fails: fails}
}

func reports(name, does string) operation {
	return operation{name: name, does: does, takes: one(text(asJSON)), gives: one(text("text/plain")), fails: []kind{malformed, notFound, tooLarge}}
}

const reported = "Takes what a provider reports, in the provider's own form. It is applied before it is answered."

// operations has one for every route, by method and path; a test holds the two together.
var operations = map[string]operation{
	"POST /callbacks/{account}/{secret}": reports("report", reported),
	"GET /callbacks/{account}/{secret}":  {name: "reportByQuery", does: reported + " For providers that call by GET.", gives: one(text("text/plain")), fails: []kind{malformed, notFound}},
	"POST /callbacks/{account}/{$}":      lacksSecret("reportWithEmptySecret"),
	"GET /callbacks/{account}/{$}":       lacksSecret("reportByQueryWithEmptySecret"),
	"POST /callbacks/{account}":          lacksSecret("reportWithoutSecret"),
	"GET /callbacks/{account}":           lacksSecret("reportByQueryWithoutSecret"),

	"POST /v1/campaigns": {
		name: "createCampaign", created: true,
		does:  "Enters a campaign. The same campaign again is answered with 200, another one with its id with 409 and the differences.",
		takes: []content{{asJSON, campaign.FormType()}, {asYAML, campaign.FormType()}}, gives: one(body[Report](asJSON)), fails: []kind{invalid, different},
	},
	"GET /v1/campaigns": {
		name: "listCampaigns", does: "Lists the campaigns by id, each with its summary and why it is not moving.",
		query: []parameter{
			{"state", "Only those in some of these states, separated by commas.", schema{"type": "string"}},
			{"q", "Only those whose id holds this.", schema{"type": "string"}},
			{"limit", "How many; all if it is left out.", schema{"type": "integer", "minimum": 1, "maximum": mostCampaigns}},
			{"after", "The next of the page before.", schema{"type": "string"}},
		},
		gives: one(body[CampaignList](asJSON)), fails: []kind{malformed},
	},
	"GET /v1/campaigns/{id}/flow":    shows[Flow]("showFlow", "Gives a campaign's summary with where its messages stand, leg by leg, and for what they went on to the next; all from one snapshot.", notFound),
	"GET /v1/campaigns/{id}/file":    {name: "showFile", does: "Gives the campaign in the form of its file, as it was entered, with what was changed since.", gives: []content{{asJSON, campaign.FormType()}}, fails: []kind{notFound}},
	"GET /v1/campaigns/{id}/imports": shows[ImportList]("showImports", "Gives the reports of a campaign's uploads, one of each file.", notFound),
	"GET /v1/campaigns/{id}/messages": {
		name: "listMessages", does: "Gives a campaign's messages page by page, in no order. A page looks at 5,000 records at most: it may hold few or none and still have a next. Numbers are whole for an admin and masked for others.",
		query: []parameter{
			{"phase", "Only those in some of these phases, separated by commas.", schema{"type": "string"}},
			{"channel", "Only those that stand on some of these channels, separated by commas.", schema{"type": "string"}},
			{"reason", "Only those that were not delivered for this reason, as a line of the export has it. It may be given several times.", schema{"type": "string"}},
			{"limit", "How many; 50 if it is left out.", schema{"type": "integer", "minimum": 1, "maximum": mostAtOnce}},
			{"after", "The next of the page before.", schema{"type": "string"}},
		},
		gives: one(body[MessagePage](asJSON)), fails: []kind{malformed, notFound},
	},
	"GET /v1/campaigns/{id}/failures": shows[FailureList]("countFailures", "Says for which reasons messages are failed, unconfirmed or expired, with what each means and what to do. It looks at every record, so it is counted anew after some seconds only.", notFound),
	"GET /v1/campaigns/{id}":          shows[Report]("showCampaign", "Gives a campaign's summary from one snapshot, and why it is not moving.", notFound),
	"PATCH /v1/campaigns/{id}": {
		name: "patchCampaign", does: "Changes throttle and window while a campaign runs; other processes follow within about a second. Answered with the campaign as it then is.",
		takes: one(body[map[string]any](asJSON)), gives: one(body[map[string]any](asJSON)), fails: []kind{malformed, notFound, invalidBody},
	},
	"GET /v1/campaigns/{id}/export": {
		name: "exportCampaign", does: "Streams a line for each message, in no order. Numbers are whole for an admin and masked for others. A process gives two at a time, others wait; one of which nothing is taken for a minute breaks off.",
		query: []parameter{{"format", "The form of the lines; ndjson if it is left out.", schema{"type": "string", "enum": []string{"csv", "ndjson"}}}},
		gives: []content{body[Line](asNDJSON), text(asCSV)}, fails: []kind{malformed, notFound},
	},
	"POST /v1/campaigns/{id}/recipients": {
		name: "importRecipients", does: "Takes recipients as they come, up to 1 GiB, any number of times before the start. Rows that are there already are counted as such, so an upload that broke off is repeated from its beginning.",
		takes: []content{text(asCSV), body[map[string]any](asNDJSON)}, gives: one(body[campaign.ImportReport](asJSON)), fails: []kind{notFound, conflict, invalid, full},
	},
	"GET /v1/campaigns/{id}/rejects": {name: "showRejects", does: "Gives the rejected rows of all uploads: their columns, then line, column, reason and text.", gives: one(text(asCSV)), fails: []kind{notFound}},
	"POST /v1/campaigns/{id}/start": {
		name: "startCampaign", does: "Starts a campaign; one from files is sealed by it. With accepted it is refused where the campaign has another number of messages.",
		takes: one(body[StartOrder](asJSON)), optional: true, gives: one(body[StateAnswer](asJSON)), fails: []kind{notFound, conflict, changed},
	},
	"POST /v1/campaigns/{id}/resume": changes[StateAnswer]("resumeCampaign", "Lets a paused campaign go on.", notFound, conflict),
	"POST /v1/campaigns/{id}/pause":  changes[StateAnswer]("pauseCampaign", "Holds a campaign. Answered when no request can be claimed any more; in_flight were claimed by then, and only those may still start.", notFound, conflict),
	"POST /v1/campaigns/{id}/cancel": changes[StateAnswer]("cancelCampaign", "Ends a campaign for ever. Answered as a pause is.", notFound, conflict),
	"POST /v1/campaigns/{id}/retry": {
		name: "retryCampaign", does: "Sends once more, from the first leg, what is failed, unconfirmed or expired. What was delivered, in time or late, is never among it. With as_of and expect, as a dry run answered them, it is refused where it would be another number of messages.",
		takes: one(body[RetryOrder](asJSON)), optional: true, gives: one(body[RetryAnswer](asJSON)), fails: []kind{notFound, conflict, changed, invalidBody},
	},
	"POST /v1/drafts": {
		name: "createDraft", created: true,
		does:  "Begins to prepare a campaign: nothing of it is in line. Drafts are kept for a week after their last change.",
		takes: []content{{asJSON, campaign.FormType()}, {asYAML, campaign.FormType()}}, gives: one(body[campaign.Draft](asJSON)), fails: []kind{notFound, invalid},
	},
	"GET /v1/drafts":         shows[DraftList]("listDrafts", "Lists the drafts, the one that was changed last first."),
	"GET /v1/drafts/{draft}": shows[campaign.Draft]("showDraft", "Gives a draft with what was found in its file: counts, the first rejects of each reason, the longest SMS, the time that the limits demand, and the first accepted rows as they would be sent. Numbers are whole for an admin and masked for others.", notFound),
	"POST /v1/drafts/{draft}": {
		name: "changeDraft", does: "Puts the campaign of the body in the place of the draft's. Its file of recipients stays, and is checked anew.",
		takes: []content{{asJSON, campaign.FormType()}, {asYAML, campaign.FormType()}}, gives: one(body[campaign.Draft](asJSON)), fails: []kind{notFound, invalid},
	},
	"POST /v1/drafts/{draft}/recipients": {
		name: "keepDraftRecipients", does: "Keeps a file of recipients as it comes, up to 1 GiB, in the place of the one before, and checks it. Nobody of it is in a campaign yet.",
		query: []parameter{{"name", "The file's name, for people.", schema{"type": "string", "maxLength": longestName}}},
		takes: one(text(asCSV)), gives: one(body[campaign.Draft](asJSON)), fails: []kind{malformed, notFound, full},
	},
	"GET /v1/drafts/{draft}/rejects": {name: "showDraftRejects", does: "Gives all rows that an import would reject: their columns, then line, column, reason and text.", gives: one(text(asCSV)), fails: []kind{notFound, invalid}},
	"POST /v1/drafts/{draft}/test": {
		name: "testDraft", does: "Sends what the file's first accepted row says to a number of one's own, really and at once, into a campaign of its own that is named after the draft's. The draft's people stay the only ones in its books.",
		takes: one(body[PersonOrder](asJSON)), gives: one(body[campaign.DraftTest](asJSON)), fails: []kind{malformed, notFound, conflict, invalid, invalidBody},
	},
	"POST /v1/drafts/{draft}/enter": {
		name: "enterDraft", does: "Enters the draft's campaign, takes its file's recipients into it, and forgets the draft. The campaign is ready then, and is started as any other. With file, checked_at and accepted it is refused where the draft is no longer the one that has them. It goes on also where nobody waits for the answer; the same call again takes nobody twice.",
		takes: one(body[EnterOrder](asJSON)), optional: true, gives: one(body[campaign.ImportReport](asJSON)), fails: []kind{notFound, conflict, changed, different, invalid, full},
	},
	"POST /v1/drafts/{draft}/drop": changes[campaign.Draft]("dropDraft", "Forgets a draft and its file.", notFound),
	"POST /v1/messages": {
		name: "postMessages", does: "Takes 1 to 1,000 messages, each into its campaign, and answers each by itself. A single message may stand in place of the list. A call that is repeated takes nothing twice.",
		takes: one(body[campaign.MessagesBody](asJSON)), gives: one(body[MessagesAnswer](asJSON)), fails: []kind{invalidBody, full},
	},
	"GET /v1/messages/{id}":              shows[Story]("showMessage", "Tells a message's whole story, by its id or that of one of its attempts.", notFound),
	"GET /v1/lanes":                      shows[LaneList]("listLanes", "Lists the lanes and what each waits for."),
	"GET /v1/queues":                     shows[QueueList]("listQueues", "Lists the lanes' queues, and what stands in line behind each, by campaign. A queue holds the look-ahead alone."),
	"GET /v1/workers":                    shows[WorkerList]("listWorkers", "Lists the processes that live, with their roles, and those that were lost in the last 15 minutes."),
	"POST /v1/lanes/{lane}/pause":        changes[Lane]("pauseLane", "Holds a lane, for all campaigns. Answered when nothing can start on it any more.", notFound),
	"POST /v1/lanes/{lane}/resume":       changes[Lane]("resumeLane", "Lets a paused lane go on.", notFound),
	"POST /v1/lanes/{lane}/go-on":        changes[Lane]("goOn", "Lets the waits of a lane go on that stand still because receipts stopped.", notFound),
	"POST /v1/accounts/{account}/pause":  changes[LaneList]("pauseAccount", "Holds every lane of an account.", notFound),
	"POST /v1/accounts/{account}/resume": changes[LaneList]("resumeAccount", "Lets an account go on, also one that paused itself. Lanes that were paused by themselves stay so.", notFound),
	"POST /v1/stop":                      changes[LaneList]("stopEverything", "Ends all sending, until everything is resumed.", notFound),
	"POST /v1/resume":                    changes[LaneList]("resumeEverything", "Undoes a stop. What is paused besides stays so.", notFound),
	"POST " + findMessagesPath: {
		name: "findMessages", does: "Gives every message to one person, over all campaigns, the latest first. The number stands in the body, for URLs are kept in logs.",
		takes: one(body[PersonOrder](asJSON)), gives: one(body[FoundMessages](asJSON)), fails: []kind{malformed, invalidBody},
	},
	"GET /v1/suppressions": shows[SuppressedCount]("countSuppressions", "Says how many people want nothing. Only keyed hashes of their numbers are kept: nobody can name them."),
	"POST /v1/suppressions": {
		query: []parameter{
			{"region", "Of a file's numbers without a country code, as IT.", schema{"type": "string"}},
			{"column", "The header of a file's numbers; destination if it is left out.", schema{"type": "string"}},
			{"reason", "Of a file: why, for the journal.", schema{"type": "string"}},
		},
		name: "addSuppressions", does: "Notes people who want nothing more, a thousand by JSON or a file as it comes. What is open to them ends before the answer.",
		takes: []content{body[PeopleOrder](asJSON), text(asCSV), body[map[string]any](asNDJSON)}, gives: one(body[SuppressAnswer](asJSON)), fails: []kind{malformed, invalid, invalidBody},
	},
	"POST " + checkSuppressionsPath: {
		name: "checkSuppressions", does: "Says of each of these people whether they want nothing.",
		takes: one(body[PeopleOrder](asJSON)), gives: one(body[SuppressedAnswer](asJSON)), fails: []kind{malformed, invalidBody},
	},
	"POST /v1/suppressions/remove": {
		name: "removeSuppressions", does: "Lets people be sent to again, from the next message on. Wants a reason, which the journal keeps.",
		takes: one(body[PeopleOrder](asJSON)), gives: one(body[AllowAnswer](asJSON)), fails: []kind{malformed, invalidBody},
	},
	"POST " + erasePath: {
		name: "erasePerson", does: "Forgets one person: ends what is open to them, and removes their number and values from every record, file of rejects and callback that is kept. What the counts are made of stays, and so does the suppression's keyed hash. Wants a reason, which the journal keeps.",
		takes: one(body[PersonOrder](asJSON)), gives: one(body[EraseAnswer](asJSON)), fails: []kind{malformed, invalidBody},
	},
	"GET /v1/webhooks": shows[WebhookList]("listWebhooks", "Lists the receivers outside that are told what becomes of messages, how each stands, and how much waits for it."),
	"POST /v1/webhooks/{webhook}/redeliver": {
		name: "redeliver", does: "Sends a receiver at once what waits for it, also one that answered 410 or is left alone for a while. With a campaign, what closed there is told again, under the same ids.",
		takes: one(body[RedeliverOrder](asJSON)), optional: true, gives: one(body[RedeliverAnswer](asJSON)), fails: []kind{notFound, conflict},
	},
	"GET /v1/audit": {
		name: "listDeeds", does: "Tells who did what, when and why, the latest first.",
		query: []parameter{
			{"limit", "How many; 100 if it is left out.", schema{"type": "integer", "minimum": 1, "maximum": mostDeeds}},
			{"before", "The next of the page before.", schema{"type": "string", "pattern": deedID.String()}},
			{"by", "Only what this token's bearer did.", schema{"type": "string"}},
			{"about", "Only what is about this campaign, lane or account.", schema{"type": "string"}},
			{"what", "Only calls whose method and path hold this, as pause.", schema{"type": "string"}},
		},
		gives: one(body[DeedList](asJSON)), fails: []kind{malformed},
	},

	"GET /openapi.json": {name: "describe", does: "Gives this document.", gives: one(body[map[string]any](asJSON))},
	"GET /livez":        {name: "livez", does: "Says that the process lives.", gives: one(body[health](asJSON))},
	"GET /readyz":       {name: "readyz", does: "Says that the process takes work.", gives: one(body[health](asJSON)), fails: []kind{notReady}},
}

func lacksSecret(name string) operation {
	return operation{name: name, does: "A callback whose secret is missing: it is refused, and told in the log.", fails: []kind{notFound}}
}
