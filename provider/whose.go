package provider

import (
	"errors"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
)

// About completes a receipt with whose it is: the first of the references that is an
// attempt's id, and the provider's own id, unless that is this reference. A receipt that
// has neither is an error.
func About(r campaign.Receipt, id string, references ...string) (campaign.Receipt, error) {
	r.ProviderID = ID(id)
	for _, reference := range references {
		attempt, err := campaign.ParseAttemptID(reference)
		if err != nil {
			continue
		}
		if r.Attempt = attempt; reference == id {
			r.ProviderID = ""
		}
		return r, nil
	}
	if r.ProviderID == "" {
		return campaign.Receipt{}, errors.New("it has no id")
	}
	return r, nil
}

// TheirID is the id in an answer as Outcome.ProviderID wants it: "" if it is ours come
// back, or none.
func TheirID(id string, ours campaign.AttemptID) string {
	if strings.EqualFold(id, ours.String()) {
		return ""
	}
	return ID(id)
}
