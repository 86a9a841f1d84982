package campaign

// Cause is what a negative receipt says of why it went wrong, where its code tells.
type Cause uint8

// The causes.
const (
	CauseUntold    Cause = iota // this person on this channel, or nothing is told
	CauseOptedOut               // the person wants nothing more
	CauseInvalid                // wrong on every channel
	CauseLane                   // the lane is misconfigured: its sender, its template
	CauseAccount                // the account is: no credit, no permission
	CauseThrottled              // too many messages at a time
)

var causeNames = [...]string{"untold", "opted_out", "invalid", "lane", "account", "throttled"}

func (c Cause) String() string { return causeNames[c] }
