// Package api is Cascade's HTTP in: the providers' callbacks, the API that people and
// other services use, and the health of the process. The one reason line, the export
// line and a message's story are pure functions here, for the command line shows them
// too.
//
// It decides nothing about messages: callbacks become events and go through the door
// of fallback; everything else it asks of the narrow ports that it declares.
package api
