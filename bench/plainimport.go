package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strconv"
	"sync"

	"github.com/hibiken/asynq"
)

// enqueueFile is the plain alternative to an import: each row of a CSV becomes a task,
// and nothing is checked. Told a number of goroutines, it shares the rows among them.
func enqueueFile(ctx context.Context, args []string) error {
	goroutines, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	file, err := os.Open(args[1])
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	client := asynq.NewClient(asynq.RedisClientOpt{Addr: args[0], PoolSize: goroutines})
	defer func() { _ = client.Close() }()
	rows := csv.NewReader(file)
	names, err := rows.Read()
	if err != nil {
		return err
	}
	work := make(chan []byte, goroutines)
	errs := make(chan error, goroutines)
	var wait sync.WaitGroup
	for range goroutines {
		wait.Go(func() {
			for payload := range work {
				if _, err := client.EnqueueContext(ctx, asynq.NewTask(handType, payload), asynq.Queue(handQueue)); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	err = readPayloads(rows, names, work, errs)
	close(work)
	wait.Wait()
	return err
}

// readPayloads makes a payload of each row.
func readPayloads(rows *csv.Reader, names []string, work chan<- []byte, errs <-chan error) error {
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		person := make(map[string]string, len(names))
		for i, name := range names {
			person[name] = row[i]
		}
		payload, err := json.Marshal(person)
		if err != nil {
			return err
		}
		select {
		case work <- payload:
		case err := <-errs:
			return err
		}
	}
}
