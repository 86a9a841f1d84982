package provider

import (
	"cmp"
	"encoding/json"
	"errors"
)

// Word is a JSON string, or a number or bool as it was written, or "" for null:
// providers are not of one mind about which of their fields are which.
type Word string

// UnmarshalJSON reads a single value; a list or an object is an error.
func (w *Word) UnmarshalJSON(b []byte) error {
	switch b[0] {
	case '"':
		return json.Unmarshal(b, (*string)(w))
	case '{', '[':
		return errors.New("a list or object where a word belongs")
	case 'n':
		return nil
	}
	*w = Word(b)
	return nil
}

// FirstWord is the first that says something; "" if none does.
func FirstWord(words ...Word) string { return string(cmp.Or(words...)) }
