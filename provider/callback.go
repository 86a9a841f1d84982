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
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
)

// MaxCallback is the longest body of a callback that is read, in bytes. The largest that
// a provider documents, Infobip's 2000 reports in one, is somewhat over 1 MiB.
const MaxCallback = 2 << 20

const (
	maxDepth = 16      // of lists and objects in each other
	maxWidth = 2000    // items in a list, keys in an object
	maxTotal = 250_000 // values in all: 2000 of the largest reports that a provider documents
	maxNamed = 10      // unreadable items that an error names
)

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
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	w := walker{Decoder: d}
	if err := w.walk(0); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("something follows the JSON")
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

// walker looks at JSON without keeping it.
type walker struct {
	*json.Decoder
	values int // seen so far
}

// walk looks at the next value and all that is in it.
func (d *walker) walk(depth int) error {
	token, err := d.Token()
	if err != nil {
		return errors.New("the callback is not JSON")
	}
	if d.values++; d.values > maxTotal {
		return fmt.Errorf("the JSON has more than %d values", maxTotal)
	}
	open, composite := token.(json.Delim)
	if !composite {
		return nil
	}
	if depth == maxDepth {
		return fmt.Errorf("the JSON is deeper than %d levels", maxDepth)
	}
	keys := map[string]bool{}
	for n := 0; d.More(); n++ {
		if n == maxWidth {
			return fmt.Errorf("the JSON has more than %d items in one place", maxWidth)
		}
		if open == '{' {
			if err := d.newKey(keys); err != nil {
				return err
			}
		}
		if err := d.walk(depth + 1); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return errors.New("the callback is not JSON")
	}
	return nil
}

// newKey reads a key that was not there before, as encoding/json compares them:
// without regard to case.
func (d *walker) newKey(keys map[string]bool) error {
	token, err := d.Token()
	if err != nil {
		return errors.New("the callback is not JSON")
	}
	key := strings.ToLower(strings.ToUpper(token.(string)))
	if keys[key] {
		return errors.New("the JSON has a key twice")
	}
	keys[key] = true
	return nil
}
