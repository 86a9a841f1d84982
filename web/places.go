package web

import (
	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/client"
)

// pages are all places of the dashboard; those with a title stand in the navigation, in
// this order.
var pages = []page{
	overview,
	campaigns,
	newCampaign, oneDraft,
	oneCampaign, people, campaignFailures, confirmRetry, campaignFile,
	findPerson, foundPerson,
	oneMessage,
	lanesPlace, lanePlace, laneCodes,
	queuesPlace,
	workersPlace,
	suppressionsPlace,
	auditPlace,
}

// fetches are the files that it gives.
var fetches = []fetch{exportCSV, rejectsCSV, draftRejects}

// uploads are what its forms with a file do.
var uploads = []upload{beginCampaign, uploadDraft}

// deeds are what its forms do.
var deeds = []deed{
	{"/new/{draft}/mapping", api.Operator, mapDraft},
	{"/new/{draft}/edit", api.Operator, editDraft},
	{"/new/{draft}/test", api.Operator, tryDraft},
	{"/new/{draft}/enter", api.Operator, enterDraft},
	{"/new/{draft}/drop", api.Operator, dropDraft},
	{"/campaigns/{id}/start", api.Operator, turn(startCampaign)},
	{"/campaigns/{id}/pause", api.Operator, turn(pauseCampaign)},
	{"/campaigns/{id}/resume", api.Operator, turn(resumeCampaign)},
	{"/campaigns/{id}/cancel", api.Operator, turn(cancelCampaign)},
	{"/campaigns/{id}/throttle", api.Operator, turn(throttleCampaign)},
	{"/campaigns/{id}/retry", api.Operator, turn(retryCampaign)},
	{"/everything/stop", api.Operator, turnEverything((*client.Client).StopEverything, "All sending is stopped: no request starts any more.")},
	{"/everything/resume", api.Operator, turnEverything((*client.Client).ResumeEverything, "Sending goes on, gently. What was paused besides stays so.")},
	{"/accounts/{account}/pause", api.Operator, turnAccount((*client.Client).PauseAccount, "is paused: no request starts on any of its lanes.")},
	{"/accounts/{account}/resume", api.Operator, turnAccount((*client.Client).ResumeAccount, "goes on, gently. Its lanes that were paused by themselves stay so.")},
	{"/lanes/{lane}/pause", api.Operator, turnLane((*client.Client).PauseLane, "is paused: no request starts on it any more.")},
	{"/lanes/{lane}/resume", api.Operator, turnLane((*client.Client).ResumeLane, "goes on, gently.")},
	{"/lanes/{lane}/go-on", api.Operator, turnLane((*client.Client).GoOn, "has its waits go on: who got no receipt is escalated when the wait is over.")},
	{"/suppressions/check", api.Operator, checkPeople},
	{"/suppressions/add", api.Operator, suppressPeople},
	{"/suppressions/import", api.Operator, importPeople},
	{"/suppressions/remove", api.Operator, allowPeople},
}
