package api

import "github.com/seed-438792ba/cascade/campaign"

// What is asked and answered on the wire, besides what stands elsewhere: the campaign
// itself (campaign.Campaign), an upload's answer (campaign.ImportReport), messages
// (campaign.MessagesBody), a line of an export (Line), a story (Story), a lane (Lane), and
// what went wrong (Problem).

// Order is the body of a call that changes something. It may be left out.
type Order struct {
	Reason string `json:"reason"` // why, for those who read it later
}

// Report is a campaign's summary, with the line that says why it is not moving.
type Report struct {
	campaign.Summary
	Reason string `json:"reason"`
}

// CampaignList is the answer that lists the campaigns, by id.
type CampaignList struct {
	Campaigns []Report `json:"campaigns"`
}

// StateAnswer answers a campaign's change of state.
type StateAnswer struct {
	State string `json:"state"`
	// InFlight are, after a pause or a cancel, the requests that were claimed when no
	// claim succeeded any more: only those may still start.
	InFlight *int `json:"in_flight,omitempty"`
}

// MessagesAnswer says what became of messages that were posted, in their order.
type MessagesAnswer struct {
	Accepted     int                      `json:"accepted"`
	AlreadyThere int                      `json:"already_there"`
	Rejected     int                      `json:"rejected"`
	Messages     []campaign.MessageResult `json:"messages"`
}

// LaneList is the answer that lists the lanes.
type LaneList struct {
	Lanes []Lane `json:"lanes"`
}
