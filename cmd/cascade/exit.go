package main

import (
	"errors"
	"net/http"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/client"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/store"
)

// exit is what the process says to whoever started it.
type exit int

// The exit codes. Scripts build on them.
const (
	exitDone         exit = iota
	exitFailed            // anything that the others do not say
	exitMisused           // usage, or a configuration or a campaign that is wrong
	exitUnclean           // finished, but with rejected rows, failed messages or below a threshold
	exitUnauthorised      // not authorised
	exitMissing           // there is no such thing
	exitConflict          // it is there, and is another, or stands where this cannot be done
	exitLater             // try again later
)

// exitError gives an error its exit code.
type exitError struct {
	code exit
	err  error // nil: all is said already
}

func (e *exitError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// misuse is a mistake of whoever gave the command.
func misuse(err error) error { return &exitError{exitMisused, err} }

// exitCode is the one place that says what an error means to the caller.
func exitCode(err error) exit {
	var (
		own       *exitError
		file      *campaign.FileError
		different *store.DifferentError
		state     *store.WrongStateError
		problem   *client.Problem
	)
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &own):
		return own.code
	case errors.As(err, &file):
		return exitMisused
	case errors.Is(err, fallback.ErrNoCampaign), errors.Is(err, fallback.ErrNoMessage):
		return exitMissing
	case errors.As(err, &different), errors.As(err, &state):
		return exitConflict
	case errors.Is(err, store.ErrRedisFull):
		return exitLater
	case errors.As(err, &problem):
		return problemCode(problem)
	}
	return exitFailed
}

// problemCode is what a server's answer means to the caller.
func problemCode(p *client.Problem) exit {
	if p.Later() {
		return exitLater
	}
	switch p.Status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return exitUnauthorised
	case http.StatusNotFound:
		return exitMissing
	case http.StatusConflict:
		return exitConflict
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
		return exitMisused
	}
	return exitFailed
}
