package campaign

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Patchable are the keys of a campaign's file that may change while it runs.
func Patchable() []string { return []string{"throttle", "window"} }

// Patch gives the campaign with other values for some keys of its file: those that may
// change while it runs (see Patchable); null takes one away. What is wrong is a
// *FileError.
func (c Campaign) Patch(values map[string]json.RawMessage) (Campaign, error) {
	var form map[string]json.RawMessage
	if err := json.Unmarshal(c.Canonical(), &form); err != nil {
		return Campaign{}, fmt.Errorf("patch campaign %q: %w", c.ID, err)
	}
	var problems []Problem
	for key, value := range values {
		switch {
		case !slices.Contains(Patchable(), key):
			problems = append(problems, Problem{Path: key, Text: "this cannot change while the campaign runs: want " + strings.Join(Patchable(), " or ")})
		case string(value) == "null":
			delete(form, key)
		default:
			form[key] = value
		}
	}
	if len(problems) > 0 {
		return Campaign{}, refuse("patch", problems...)
	}
	text, err := json.Marshal(form)
	if err != nil {
		return Campaign{}, fmt.Errorf("patch campaign %q: %w", c.ID, err)
	}
	return ParseFile("patch", text, nil)
}
