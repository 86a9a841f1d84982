package web

// pages are all places of the dashboard; those with a title stand in the navigation, in
// this order.
var pages = []page{
	overview,
	lanesPlace,
	lanePlace,
	queuesPlace,
	workersPlace,
	suppressionsPlace,
	auditPlace,
}

// fetches are the files that it gives.
var fetches = []fetch{}

// deeds are what its forms do.
var deeds = []deed{
	stopDeed, resumeDeed,
	pauseLane, resumeLane, goOnLane, pauseAccount, resumeAccount,
	checkDeed, suppressDeed, importDeed, allowDeed,
}
