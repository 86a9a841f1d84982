package provider

import (
	"encoding/json"
	"testing"
)

func TestWord(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Word{`"a"`: "a", `9007199254740993`: "9007199254740993", `true`: "true", `null`: "", `""`: ""} {
		var got Word
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s became %q, error %v; want %q", text, got, err, want)
		}
	}
	for _, text := range []string{`{}`, `[1]`} {
		var got Word
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s became %q", text, got)
		}
	}
	if got := FirstWord("", "b", "c"); got != "b" || FirstWord() != "" {
		t.Errorf("the first word is %q, want b", got)
	}
}
