package provider

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"

	"github.com/seed-438792ba/cascade/campaign"
)

// MaxCallback is the longest body of a callback that is read, in bytes. The largest that
// a provider documents, Infobip's 2000 reports in one, is somewhat over 1 MiB.
const MaxCallback = 2 << 20

// maxNamed is how many unreadable items an error names.
const maxNamed = 10

// The types of a body, theirs and ours.
const (
	JSONType = "application/json"
	FormType = "application/x-www-form-urlencoded"
)

// MediaType is what a callback's body says it is; JSON where it says nothing, for some
// senders name no type.
func MediaType(r *http.Request) string {
	mediaType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return cmp.Or(mediaType, JSONType)
}

// ReadCallback reads the body of a callback that is a POST, of at most MaxCallback.
func ReadCallback(r *http.Request) ([]byte, error) {
	if r.Method != http.MethodPost {
		return nil, errors.New("a callback is a POST")
	}
	b, err := io.ReadAll(io.LimitReader(r.Body, MaxCallback+1))
	if err != nil {
		return nil, fmt.Errorf("read the callback: %w", err)
	}
	if len(b) > MaxCallback {
		return nil, errors.New("the callback is longer than 2 MiB")
	}
	return b, nil
}

// Items gives the objects of a JSON body, which is one object or a list of them. It
// refuses what no provider sends and two readers could read in two ways: more than
// 16 levels, more than 2000 items in one place, one key twice. No error quotes the body.
func Items(body []byte) ([]json.RawMessage, error) {
	if !json.Valid(body) {
		return nil, errors.New("the callback is not JSON")
	}
	if err := sane(body); err != nil {
		return nil, err
	}
	if body = bytes.TrimSpace(body); body[0] != '[' {
		return []json.RawMessage{body}, nil
	}
	var items []json.RawMessage
	if err := json.Unmarshal(body, &items); err != nil {
		return nil, errors.New("the callback is not JSON")
	}
	return items, nil
}

// ReadEach reads each of a callback's items as one that stands alone: what can be read
// comes beside the error, which names what cannot by its place, as "result 2". Of many it
// names the first few and counts the rest.
func ReadEach[T any](what string, items []T, read func(T) (campaign.Receipt, error)) ([]campaign.Receipt, error) {
	receipts := make([]campaign.Receipt, 0, len(items))
	var unreadable []error
	more := 0
	for i, item := range items {
		receipt, err := read(item)
		switch {
		case err == nil:
			receipts = append(receipts, receipt)
		case len(unreadable) < maxNamed:
			unreadable = append(unreadable, fmt.Errorf("%s %d: %w", what, i+1, err))
		default:
			more++
		}
	}
	if more > 0 {
		unreadable = append(unreadable, fmt.Errorf("and %d more that cannot be read", more))
	}
	return receipts, errors.Join(unreadable...)
}
