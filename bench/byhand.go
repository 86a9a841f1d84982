package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
)

// The plain alternative: one asynq server at its best setting (more concurrency makes
// it slower, less too), a Transport that keeps its connections, and one pipeline that
// notes the state, finds the message again by the provider's id, and counts.
const (
	handConcurrency = 50
	handQueue       = "messages"
	handType        = "send"
)

func byHand(ctx context.Context, args []string) error {
	client := redis.NewClient(&redis.Options{Addr: args[0]})
	defer func() { _ = client.Close() }()
	post := poster(args[1], handConcurrency)
	server := asynq.NewServerFromRedisClient(client, asynq.Config{
		Concurrency: handConcurrency, Queues: map[string]int{handQueue: 1},
		TaskCheckInterval: 50 * time.Millisecond, LogLevel: asynq.ErrorLevel,
	})
	mux := asynq.NewServeMux()
	mux.HandleFunc(handType, func(ctx context.Context, task *asynq.Task) error {
		id, err := post(ctx, task.Payload())
		if err != nil {
			return err
		}
		_, err = client.Pipelined(ctx, func(p redis.Pipeliner) error {
			p.HSet(ctx, "message:"+id, "state", "accepted", "at", time.Now().UnixMilli())
			p.Set(ctx, "provider:"+id, id, 72*time.Hour)
			p.HIncrBy(ctx, "counts", "accepted", 1)
			return nil
		})
		return err
	})
	if err := server.Start(mux); err != nil {
		return err
	}
	<-ctx.Done()
	server.Shutdown()
	return nil
}

// poster makes requests over connections that are kept, and reads the answer's id.
func poster(url string, connections int) func(context.Context, []byte) (string, error) {
	client := &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConns: 0, MaxIdleConnsPerHost: connections}}
	return func(ctx context.Context, body []byte) (string, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/send", bytes.NewReader(body))
		if err != nil {
			return "", err
		}
		req.Header.Set("Content-Type", "application/json")
		resp, err := client.Do(req)
		if err != nil {
			return "", err
		}
		defer func() { _ = resp.Body.Close() }()
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			return "", err
		}
		var answer struct{ MessageID string }
		return answer.MessageID, json.Unmarshal(text, &answer)
	}
}

// handPayload is a message of about 500 bytes.
func handPayload(i int) []byte {
	text := strings.Repeat("Ciao Maria, il tuo sconto di primavera vale fino al 31.12. ", 6)
	return fmt.Appendf(nil, `{"destination":"+39347%07d","messageId":%q,"campaignId":"bench","body":{"text":{"body":%q}}}`, i, uuid.NewString(), text)
}

// handEnqueue puts n messages on the queue.
func handEnqueue(ctx context.Context, addr string, n int) error {
	client := asynq.NewClient(asynq.RedisClientOpt{Addr: addr, PoolSize: 64})
	defer func() { _ = client.Close() }()
	var wait sync.WaitGroup
	errs := make(chan error, 64)
	for k := range 64 {
		wait.Go(func() {
			for i := k; i < n; i += 64 {
				task := asynq.NewTask(handType, handPayload(i))
				if _, err := client.EnqueueContext(ctx, task, asynq.Queue(handQueue)); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	wait.Wait()
	select {
	case err := <-errs:
		return err
	default:
		return nil
	}
}

// bareLoop posts n messages over 64 connections, and does nothing else.
func bareLoop(ctx context.Context, args []string) error {
	const connections = 64
	post := poster(args[0], connections)
	n, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	var wait sync.WaitGroup
	for k := range connections {
		wait.Go(func() {
			for i := k; i < n && ctx.Err() == nil; i += connections {
				_, _ = post(ctx, handPayload(i))
			}
		})
	}
	wait.Wait()
	return nil
}
