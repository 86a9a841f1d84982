// Package client is how other services, and the command line, speak to a Cascade server:
// its HTTP API in Go's types. It repeats what is safe to repeat, and tells problems apart
// by their type. It stands on package campaign alone.
package client
