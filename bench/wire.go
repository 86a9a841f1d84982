package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// get asks the API for something; into may be nil.
func (h *house) get(ctx context.Context, path string, into any) error {
	return h.ask(ctx, http.MethodGet, path, "", nil, into)
}

// post sends something to the API; into may be nil.
func (h *house) post(ctx context.Context, path, contentType string, body io.Reader, into any) error {
	return h.ask(ctx, http.MethodPost, path, contentType, body, into)
}

func (h *house) ask(ctx context.Context, method, path, contentType string, body io.Reader, into any) error {
	request, err := http.NewRequestWithContext(ctx, method, h.api+path, body)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	switch {
	case err != nil:
		return err
	case answer.StatusCode/100 != 2:
		return fmt.Errorf("%s %s: %s\n%s", method, path, answer.Status, bytes.TrimSpace(text))
	case into == nil:
		return nil
	}
	return json.Unmarshal(text, into)
}
