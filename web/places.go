package web

import "github.com/seed-438792ba/cascade/api"

// pages are all places of the dashboard; those with a title stand in the navigation, in
// this order.
var pages = []page{
	overview,
	campaigns,
	oneCampaign, people, campaignFailures, confirmRetry, campaignFile,
	findPerson, foundPerson,
	oneMessage,
}

// fetches are the files that it gives.
var fetches = []fetch{exportCSV, rejectsCSV}

// deeds are what its forms do.
var deeds = []deed{
	{"/campaigns/{id}/start", api.Operator, turn(startCampaign)},
	{"/campaigns/{id}/pause", api.Operator, turn(pauseCampaign)},
	{"/campaigns/{id}/resume", api.Operator, turn(resumeCampaign)},
	{"/campaigns/{id}/cancel", api.Operator, turn(cancelCampaign)},
	{"/campaigns/{id}/throttle", api.Operator, turn(throttleCampaign)},
	{"/campaigns/{id}/retry", api.Operator, turn(retryCampaign)},
}
