package web

// pages are all places of the dashboard; those with a title stand in the navigation, in
// this order.
var pages = []page{
	overview,
}

// fetches are the files that it gives.
var fetches = []fetch{}

// deeds are what its forms do.
var deeds = []deed{}
