// Command bench measures Cascade beside its plain alternatives, written as a careful
// user would write them, in turn and in one run:
//
//	go run ./bench            all measurements, as Markdown tables
//	go run ./bench dispatch   one of them
//
// It needs a redis-server in PATH and speaks to loopback only. Absolute figures say
// much about the machine; the ratios are what it is for.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
)

// measurement is one question, and how it is answered.
type measurement struct {
	name, what string
	run        func(ctx context.Context, l *lab) (table, error)
}

var measurements = []measurement{
	{"dispatch", "messages sent by one worker process", dispatch(plainRedis)},
	{"dispatch-far", "the same with Redis 2.4 ms away", dispatch(farRedis)},
	{"dispatch-always", "the same with appendfsync always", dispatch(alwaysRedis)},
	{"import", "a CSV file to durable records, with all checks", importing},
	{"receipts", "callbacks of a provider, answered and durably applied", receipts},
	{"idle", "20 lanes, 50 campaigns, nothing due", idle},
	{"memory", "what a message takes in Redis", memory},
	{"escalate", "from an undeliverable receipt to the next channel's request", escalate},
	{"alarms", "a due message's request against its time", alarms},
	{"limits", "four worker processes of uneven strength under one limit", limits},
	{"scaleout", "one, two and four worker processes on one machine", scaleout},
	{"viewers", "a run at full speed while 50 people look at live pages", viewers},
	{"growth", "what a message costs while 10,000 to 3,000,000 stand there", growth},
	{"million", "a million people, from their file to all closed", million},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) > 0 && args[0] == childWord {
		return child(ctx, args[1:])
	}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	runs := flags.Int("runs", 3, "runs of each side")
	scale := flags.Float64("scale", 1, "share of the usual work")
	drawing := flags.String("drawing", "million.svg", "file for the curve of million")
	if err := flags.Parse(args); err != nil {
		return err
	}
	wanted, err := choose(flags.Args())
	if err != nil {
		return err
	}
	l, err := newLab(ctx, *runs, *scale)
	if err != nil {
		return err
	}
	l.drawing = *drawing
	defer l.close()
	fmt.Println(l.machine())
	for _, m := range wanted {
		t, err := m.run(ctx, l)
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		fmt.Printf("\n### %s: %s\n\n%s", m.name, m.what, t)
	}
	return nil
}

func choose(names []string) ([]measurement, error) {
	if len(names) == 0 {
		return measurements, nil
	}
	var chosen []measurement
	for _, name := range names {
		i := slices.IndexFunc(measurements, func(m measurement) bool { return m.name == name })
		if i < 0 {
			return nil, errors.New("there is no measurement " + name + "; there are: " + known())
		}
		chosen = append(chosen, measurements[i])
	}
	return chosen, nil
}

func known() string {
	var names []string
	for _, m := range measurements {
		names = append(names, m.name)
	}
	return strings.Join(names, ", ")
}
