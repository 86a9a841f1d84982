package infobip

// errorCodes are the rows of the provider's registry of errors that oblige us to more
// than the status beside them. Ids, names and meanings are documented, what to do about
// them is ours. The registry gives some numbers several meanings, by product: a row
// holds only where the error bears its name, or none.
var errorCodes = map[int]verdict{
	// Not to be reached on this channel.
	7002: {name: "EC_UNKNOWN_USER", outcome: refused, meaning: "not on this channel", mend: "nothing to do"},
	7005: {name: "EC_FORBIDDEN_ACCESS", outcome: refused, meaning: "carrier or agent not launched", mend: "nothing to do"},
	7020: {name: "EC_DEVICE_REPRODUCTION_ERROR", outcome: refused, meaning: "phone cannot show it", mend: "nothing to do"},
	7025: {name: "EC_UNSUPPORTED_MOBILE_APP_VERSION", outcome: refused, meaning: "app too old", mend: "nothing to do"},
	7201: {name: "EC_UNSUPPORTED_DEVICE", outcome: refused, meaning: "device not supported", mend: "nothing to do"},

	// The person wants nothing, or somebody for them.
	573:  {name: "EC_SC_BLOCKED_BY_END_USER", outcome: optedOut, meaning: "person blocked our short code", mend: "do not send"},
	603:  {name: "EC_CONTENT_BLOCKED", outcome: optedOut, meaning: "person wrote STOP", mend: "do not send"},
	604:  {name: "EC_BLOCKED_BY_CAMPAIGN_BLACKLIST", outcome: optedOut, meaning: "on the campaign's blocklist", mend: "do not send"},
	2049: {name: "EC_IMSI_BLACKLISTED", outcome: optedOut, meaning: "subscriber is blocklisted", mend: "do not send"},
	2050: {name: "EC_DEST_ADDRESS_BLACKLISTED", outcome: optedOut, meaning: "on do-not-disturb", mend: "do not send"},
	2052: {name: "EC_BLACKLISTED_DESTINATIONADDRESS", outcome: optedOut, meaning: "number is blocklisted", mend: "do not send"},
	7003: {name: "EC_BLOCKED_USER", outcome: optedOut, meaning: "blocked or opted out", mend: "do not send"},
	7033: {name: "EC_MARKETING_OPT_OUT", outcome: optedOut, meaning: "no marketing wanted from us", mend: "do not send"},

	// Meta's caps on marketing.
	7026: {name: "EC_MESSAGE_TYPE_EXHAUSTED", outcome: refused, meaning: "quota of this type is used up", mend: "wait 24 h"},
	7030: {name: "EC_TEMPLATE_BLOCKED_BY_USER", outcome: refused, meaning: "person blocked this template", mend: "wait 24 h"},
	7032: {name: "EC_FREQUENCY_CAPPING", outcome: refused, meaning: "too much marketing to them", mend: "wait 24 h"},

	// The sender, the account, the pace.
	7004: {name: "EC_UNAUTHORIZED_ACCESS", outcome: wrongLane, meaning: "service credentials refused", mend: "ask Infobip", run: wrong},
	7011: {name: "EC_ACCOUNT_ISSUE", outcome: wrongLane, meaning: "an issue with the account", mend: "ask Infobip", run: wrong},
	7016: {name: "EC_SPAM_RATE", outcome: wrongLane, meaning: "sender's quality is low", mend: "stop for some hours", run: wrong},
	7017: {name: "EC_TOO_MANY_REQUESTS", outcome: throttled, meaning: "too fast", mend: "lower the lane's limit"},
	7019: {name: "EC_PROVIDER_BILLING_ERROR", outcome: wrongLane, meaning: "billing fails", mend: "check the billing setup", run: wrong},
	7021: {name: "EC_LIMITED_FUNCTIONALITY", outcome: wrongLane, meaning: "restricted by Meta", mend: "look at Meta's side", run: wrong},
	7034: {name: "EC_SENDER_NOT_REGISTERED", outcome: wrongLane, meaning: "sender is not on WhatsApp", mend: "register it", run: wrong},
	7038: {name: "EC_INVALID_WA_ACCOUNT_TYPE", outcome: wrongLane, meaning: "WABA of the old kind", mend: "transfer or replace it", run: wrong},
	7081: {name: "EC_CONFIGURATION_ERROR", outcome: wrongLane, meaning: "sender badly set up", mend: "check it, or ask Infobip", run: wrong},
	7083: {name: "EC_SERVICE_NOT_ACTIVATED", outcome: wrongLane, meaning: "service not activated", mend: "activate it", run: wrong},

	// The content or the template.
	7006: {name: "EC_BAD_REQUEST", outcome: refused, meaning: "phone or API cannot take this", mend: "check the content", run: wrong},
	7008: {name: "EC_INVALID_TEMPLATE_ARGS", outcome: refused, meaning: "wrong template parameters", mend: "count them", run: wrong},
	7009: {name: "EC_INVALID_TEMPLATE", outcome: refused, meaning: "no such template", mend: "check name and language", run: wrong},
	7010: {name: "EC_NO_SESSION", outcome: refused, meaning: "the 24 h window is closed", mend: "use a template"},
	7018: {name: "EC_INTERNAL_BAD_MAPPING", outcome: refused, meaning: "content not allowed so", mend: "check the parameters", run: wrong},
	7022: {name: "EC_MEDIA_UNSUPPORTED", outcome: refused, meaning: "media format not supported", mend: "convert the file", run: wrong},
	7027: {name: "EC_BLOCKED_CONTENT", outcome: refused, meaning: "content against a policy", mend: "change the text", run: wrong},

	// Passing faults.
	7012: {name: "EC_DEPLOYMENT_CONFIGURATION_ERROR", outcome: unavailable, meaning: "fault in deployment", mend: "ask Infobip if many", run: wrong},
	7013: {name: "EC_MEDIA_HOSTING_ERROR", outcome: unavailable, meaning: "media cannot be fetched", mend: "check its address", run: wrong},
	7014: {name: "EC_MEDIA_UPLOAD_ERROR", outcome: unavailable, meaning: "media cannot be uploaded", mend: "check the file", run: wrong},
	7036: {name: "EC_TEMPLATE_NOT_SYNCED", outcome: unavailable, meaning: "template is too new", mend: "wait 10 minutes"},
	7050: {name: "EC_PROVIDER_INTERNAL_ERROR", outcome: unavailable, meaning: "fault at the provider", mend: "ask Infobip if it stays"},
	7051: {name: "EC_PROVIDER_TIMEOUT", outcome: unavailable, meaning: "no answer from the provider", mend: "ask Infobip"},

	// Said before. Whether the first was ours is not told: its report says, or the wait.
	5492: {name: "EC_DUPLICATE_MESSAGE", outcome: accepted, meaning: "the same text was sent before", mend: "the first counts"},
	7280: {name: "EC_DUPLICATE_REQUEST", outcome: accepted, meaning: "request came before", mend: "the first counts"},

	// A number that is dead or barred.
	1:    {name: "EC_UNKNOWN_SUBSCRIBER", outcome: refused, meaning: "number is not in use", mend: "check the number"},
	9:    {name: "EC_ILLEGAL_SUBSCRIBER", outcome: refused, meaning: "number is barred", mend: "check the number"},
	11:   {name: "EC_TELESERVICE_NOT_PROVISIONED", outcome: refused, meaning: "subscription without SMS", mend: "check the number"},
	568:  {name: "EC_DESTINATION_NOT_SMS_PROVISIONED", outcome: refused, meaning: "number takes no SMS", mend: "check the number"},
	569:  {name: "EC_DEST_ADDRESS_SUSPENDED", outcome: refused, meaning: "number is suspended", mend: "check the number"},
	629:  {name: "EC_DEST_ADDRESS_UNABLE_TO_RECEIVE_SMS", outcome: refused, meaning: "number takes no SMS", mend: "check the number"},
	3041: {name: "EC_DEACTIVATED_LIST", outcome: refused, meaning: "number is deactivated", mend: "remove the number"},

	// Away for now.
	6:    {name: "EC_ABSENT_SUBSCRIBER_SM", outcome: refused, meaning: "phone off or away", mend: "retry later"},
	27:   {name: "EC_ABSENT_SUBSCRIBER", outcome: refused, meaning: "phone off or away", mend: "retry later"},
	31:   {name: "EC_SUBSCRIBER_BUSY_FOR_MT_SMS", outcome: refused, meaning: "phone busy", mend: "retry later"},
	256:  {name: "EC_SM_DF_MEMORYCAPACITYEXCEEDED", outcome: refused, meaning: "phone's inbox is full", mend: "retry later"},
	581:  {name: "EC_USER_OUT_OF_CREDIT", outcome: refused, meaning: "person has no credit", mend: "retry in a day"},
	4098: {name: "EC_VP_EXPIRED", outcome: refused, meaning: "not delivered in time", mend: "a longer wait may help"},
	4101: {name: "EC_VALIDITY_EXPIRED", outcome: refused, meaning: "not delivered in time", mend: "a longer wait may help"},

	// The flooding filter: 20 texts, or 6 times the same, to one number in an hour.
	4103: {name: "EC_DESTINATION_FLOODING", outcome: refused, meaning: "too many to this number", mend: "wait an hour"},
	4104: {name: "EC_DESTINATION_TXT_FLOODING", outcome: refused, meaning: "same text too often", mend: "wait an hour"},
}
