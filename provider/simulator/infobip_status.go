package simulator

// infobipStatus is how Infobip says where a message stands, in answers and reports.
type infobipStatus struct {
	GroupID     int    `json:"groupId"`
	GroupName   string `json:"groupName"`
	ID          int    `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
}

// The statuses that are played, out of the registry that Infobip publishes. The
// descriptions of the refusals are ours.
var (
	infobipAccepted  = infobipStatus{1, "PENDING", 26, "PENDING_ACCEPTED", "Message sent to next instance"}
	infobipEnroute   = infobipStatus{1, "PENDING", 7, "PENDING_ENROUTE", "Message sent to next instance"}
	infobipDelivered = infobipStatus{3, "DELIVERED", 5, "DELIVERED_TO_HANDSET", "Message delivered to handset"}
	infobipBarred    = infobipStatus{2, "UNDELIVERABLE", 4, "UNDELIVERABLE_REJECTED_OPERATOR", "Message rejected by operator"}
	infobipMissed    = infobipStatus{2, "UNDELIVERABLE", 9, "UNDELIVERABLE_NOT_DELIVERED", "Message not delivered"}
	infobipTryLater  = infobipStatus{5, "REJECTED", 21, "REJECTED_SYSTEM_ERROR", "System error, try later"}
	infobipDuplicate = infobipStatus{5, "REJECTED", 23, "REJECTED_DUPLICATE_MESSAGE_ID", "Message id was used before"}
	infobipTooLong   = infobipStatus{5, "REJECTED", 25, "REJECTED_MESSAGE_TOO_LONG", "Message is too long"}
	infobipNoNumber  = infobipStatus{5, "REJECTED", 52, "REJECTED_DESTINATION", "Destination is no valid number"}
)

// infobipRefusal is how a request that was understood is refused: a 200 all the same.
func infobipRefusal(reason string) infobipStatus {
	switch reason {
	case invalidNumber:
		return infobipNoNumber
	case tooLong:
		return infobipTooLong
	}
	return infobipMissed
}

// infobipError is why a message did not reach the person.
type infobipError struct {
	infobipStatus
	Permanent bool `json:"permanent"`
}

var (
	infobipNoError = infobipError{infobipStatus{0, "OK", 0, "NO_ERROR", "No Error"}, false}
	infobipUnknown = infobipError{infobipStatus{1, "HANDSET_ERRORS", 7002, "EC_UNKNOWN_USER", "No matching user found (on platform or on provider)"}, true}
	infobipAbsent  = infobipError{infobipStatus{1, "HANDSET_ERRORS", 27, "EC_ABSENT_SUBSCRIBER", "Absent subscriber"}, false}
)
