package main

import (
	"context"
	"errors"
)

// childWord makes this program one of the processes that it measures, so that each
// side's CPU is its own.
const childWord = "child"

func child(ctx context.Context, args []string) error {
	modes := map[string]func(context.Context, []string) error{
		"sink": serveSink, "byhand": byHand, "loop": bareLoop, "enqueue": enqueueFile,
		"handler": plainCallbacks, "load": postAll, "pace": paceAlone,
	}
	if len(args) > 0 {
		if run := modes[args[0]]; run != nil {
			return run(ctx, args[1:])
		}
	}
	return errors.New("this is how the bench starts its own processes, and nothing for people")
}
