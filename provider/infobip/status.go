package infobip

import (
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// code names a status: an id means one thing within its group.
type code struct{ group, id int }

// The kinds of receipts, short, so that the table can be read.
const (
	isAccepted      = campaign.ReceiptAccepted
	isSent          = campaign.ReceiptSent
	isDelivered     = campaign.ReceiptDelivered
	isUndeliverable = campaign.ReceiptUndeliverable
	isExpired       = campaign.ReceiptExpired
	isRejected      = campaign.ReceiptRejected
)

// And what a run of a code says.
const (
	personal = provider.Personal
	wrong    = provider.Wrong
	suspect  = provider.Suspect
)

// groups are what a status means that has no row of its own. The groups and their
// names are documented.
var groups = map[int]verdict{
	0: {name: "ACCEPTED", receipt: isAccepted, outcome: accepted, meaning: "taken"},
	1: {name: "PENDING", receipt: isAccepted, outcome: accepted, meaning: "on its way"},
	2: {name: "UNDELIVERABLE", receipt: isUndeliverable, outcome: refused, vague: true, meaning: "not delivered"},
	3: {name: "DELIVERED", receipt: isDelivered, outcome: accepted, meaning: "delivered"},
	4: {name: "EXPIRED", receipt: isExpired, outcome: refused, vague: true, meaning: "given up after its validity"},
	5: {name: "REJECTED", receipt: isRejected, outcome: refused, vague: true, meaning: "not taken"},
}

// statuses are the rows of the provider's registry that concern messages; those of
// calls, mail and push have none here. Ids, names and meanings are documented, what to
// do about them is ours. Where the same id is sent again after 21 or 100 and is refused
// with 23, the leg's wait tells whether anything came of it.
var statuses = map[code]verdict{
	{1, 3}:  {"PENDING_WAITING_DELIVERY", isSent, accepted, false, "with the operator, no report yet", "", personal},
	{1, 7}:  {"PENDING_ENROUTE", isSent, accepted, false, "handed to the operator", "", personal},
	{1, 26}: {"PENDING_ACCEPTED", isAccepted, accepted, false, "taken, not yet handed on", "", personal},

	{2, 4}:  {"UNDELIVERABLE_REJECTED_OPERATOR", isUndeliverable, refused, true, "refused by the operator", "ask Infobip if many", personal},
	{2, 9}:  {"UNDELIVERABLE_NOT_DELIVERED", isUndeliverable, refused, true, "not delivered", "check the number", personal},
	{2, 31}: {"UNDELIVERABLE_NOT_SENT", isUndeliverable, refused, true, "not sent", "ask Infobip if many", personal},

	{3, 2}: {"DELIVERED_TO_OPERATOR", isDelivered, accepted, false, "with the operator", "no proof from handsets here", personal},
	{3, 5}: {"DELIVERED_TO_HANDSET", isDelivered, accepted, false, "on the person's phone", "", personal},

	{4, 15}: {"EXPIRED_EXPIRED", isExpired, refused, true, "not delivered in time", "a longer wait may help", personal},
	{4, 29}: {"EXPIRED_DLR_UNKNOWN", isExpired, unknown, true, "no report ever came", "ask Infobip if many", personal},
	{4, 87}: {"SIGNALS_BLOCKED", isExpired, refused, false, "stopped as fraud", "trust it in Signals if not", personal},

	{5, 6}:   {"REJECTED_NETWORK", isRejected, refused, false, "network not set up", "ask your account manager", suspect},
	{5, 8}:   {"REJECTED_PREFIX_MISSING", isRejected, invalid, false, "wrong prefix or length", "mend the number", personal},
	{5, 10}:  {"REJECTED_DND", isRejected, optedOut, false, "person is on do-not-disturb", "do not send", personal},
	{5, 11}:  {"REJECTED_SOURCE", isRejected, wrongLane, false, "sender not registered", "register it", wrong},
	{5, 12}:  {"REJECTED_NOT_ENOUGH_CREDITS", isRejected, wrongAccount, false, "no credit left", "top up the account", wrong},
	{5, 13}:  {"REJECTED_SENDER", isRejected, wrongLane, false, "sender is blocklisted", "unblock it at Infobip", wrong},
	{5, 14}:  {"REJECTED_DESTINATION_BLOCKLISTED", isRejected, optedOut, false, "number is blocklisted", "do not send", personal},
	{5, 17}:  {"REJECTED_PREPAID_PACKAGE_EXPIRED", isRejected, wrongAccount, false, "credit ran out of time", "top up the account", wrong},
	{5, 18}:  {"REJECTED_DESTINATION_NOT_REGISTERED", isRejected, wrongAccount, false, "a trial account", "ask Infobip to lift it", wrong},
	{5, 19}:  {"REJECTED_ROUTE_NOT_AVAILABLE", isRejected, refused, false, "no route set up", "ask your account manager", suspect},
	{5, 20}:  {"REJECTED_FLOODING_FILTER", isRejected, refused, false, "too many to this number", "wait an hour", personal},
	{5, 21}:  {"REJECTED_SYSTEM_ERROR", isRejected, unavailable, false, "Infobip's own error", "tried again by itself", personal},
	{5, 23}:  {"REJECTED_DUPLICATE_MESSAGE_ID", isAccepted, accepted, false, "our id came before", "the first call counts", personal},
	{5, 24}:  {"REJECTED_INVALID_UDH", isRejected, refused, false, "wrongly formatted", "ask Infobip if many", personal},
	{5, 25}:  {"REJECTED_MESSAGE_TOO_LONG", isRejected, refused, false, "over 25 parts or 4000 bytes", "shorten the text", personal},
	{5, 51}:  {"MISSING_TO", isRejected, invalid, false, "no number in it", "mend the number", personal},
	{5, 52}:  {"REJECTED_DESTINATION", isRejected, invalid, false, "wrong prefix or length", "mend the number", personal},
	{5, 87}:  {"SIGNALS_BLOCKED", isRejected, refused, false, "stopped as fraud", "trust it in Signals if not", personal},
	{5, 100}: {"UNDELIVERABLE_REJECTED_PLATFORM", isRejected, unavailable, false, "not taken for now, or malformed", "ask Infobip", personal},
}
