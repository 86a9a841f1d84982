package campaign

import "time"

// Deed is what somebody did by the API, for those who ask later who did what, and why.
// It holds no number and no text.
type Deed struct {
	ID      string    `json:"id"` // deeds are ordered by it
	At      time.Time `json:"at"`
	By      string    `json:"by"` // the name of the token
	Role    string    `json:"role"`
	What    string    `json:"what"`            // as in POST /v1/campaigns/{id}/pause
	About   string    `json:"about,omitempty"` // the campaign, lane or account
	Why     string    `json:"why,omitempty"`   // in their words
	Touched *int      `json:"touched,omitempty"`
	Request string    `json:"request_id"`

	BrokeOff bool `json:"broke_off,omitempty"` // it failed when a part of it was done, which Touched counts
}
