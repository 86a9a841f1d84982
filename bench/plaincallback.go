package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// plainCallbacks is the plain alternative to the callbacks' way: a net/http handler
// that looks how a message stands, and writes how it stands now and counts. Two
// receipts of one message at the same time may overwrite each other, and nobody is
// escalated.
func plainCallbacks(ctx context.Context, args []string) error {
	client := redis.NewClient(&redis.Options{Addr: args[0], PoolSize: 64})
	defer func() { _ = client.Close() }()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /callbacks", func(w http.ResponseWriter, r *http.Request) {
		if err := applyPlainly(r, client); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
		}
	})
	server := &http.Server{Addr: args[1], Handler: mux}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func applyPlainly(r *http.Request, client *redis.Client) error {
	var receipt struct {
		MessageID  string `json:"messageId"`
		StatusCode int    `json:"statusCode"`
	}
	if err := json.NewDecoder(r.Body).Decode(&receipt); err != nil {
		return err
	}
	key, ctx := "message:"+receipt.MessageID, r.Context()
	stands, err := client.HGet(ctx, key, "state").Result()
	if err != nil {
		return err
	}
	state := strconv.Itoa(receipt.StatusCode)
	if stands == state {
		return nil
	}
	_, err = client.Pipelined(ctx, func(p redis.Pipeliner) error {
		p.HSet(ctx, key, "state", state, "at", time.Now().UnixMilli())
		p.HIncrBy(ctx, "counts", state, 1)
		return nil
	})
	return err
}
