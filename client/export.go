package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
)

// Export gives a line for each message, in no order, as they come. An error is the last
// that is given: then the lines are not whole.
func (c *Client) Export(ctx context.Context, id string) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		body, err := c.open(ctx, export(id, "ndjson"))
		if err != nil {
			yield(Line{}, err)
			return
		}
		defer body.Close()
		for lines := json.NewDecoder(body); ; {
			var l Line
			err := lines.Decode(&l)
			switch {
			case errors.Is(err, io.EOF):
				return
			case err != nil:
				yield(Line{}, fmt.Errorf("read the export: %w", err))
				return
			case !yield(l, nil):
				return
			}
		}
	}
}
