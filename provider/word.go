package provider

import (
	"cmp"
	"encoding/json"
	"errors"
	"unicode/utf8"
)

// Word is a JSON string, or a number or bool as it was written, or "" for null:
// providers are not of one mind about which of their fields are which.
type Word string

// UnmarshalJSON reads a single value; a list or an object is an error.
func (w *Word) UnmarshalJSON(b []byte) error {
	switch b[0] {
	case '"':
		if plain := b[1 : len(b)-1]; isPlain(plain) {
			*w = Word(plain)
			return nil
		}
		return json.Unmarshal(b, (*string)(w))
	case '{', '[':
		return errors.New("a list or object where a word belongs")
	case 'n':
		return nil
	}
	*w = Word(b)
	return nil
}

// isPlain says that a string stands in JSON as it is: most do.
func isPlain(b []byte) bool {
	for _, c := range b {
		if c == '\\' || c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// FirstWord is the first that says something; "" if none does.
func FirstWord(words ...Word) string { return string(cmp.Or(words...)) }
