package provider

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// TestMetaExamples reads Meta's documented errors as a provider may pass them on. One is
// put aside: the webhook of a delivered message, which no provider here hands on.
func TestMetaExamples(t *testing.T) {
	t.Parallel()
	if files, err := filepath.Glob("testdata/meta-*.json"); err != nil || len(files) != 3 {
		t.Errorf("examples %q, error %v; want the two below and the one put aside", files, err)
	}
	var sent struct {
		Error struct {
			Message string
			Code    int
		}
	}
	readExample(t, "meta-send-error-response", &sent)
	byCode, known := LookUpMeta(sent.Error.Code)
	inWords, found := FindMeta(sent.Error.Message)
	if !known || !found || byCode.Outcome != inWords.Outcome || byCode.Outcome.Kind != Postponed || !byCode.Outcome.Throttled {
		t.Errorf("code %d: %+v, in words %+v; want both throttled", sent.Error.Code, byCode, inWords)
	}
	var webhook struct {
		Entry []struct {
			Changes []struct {
				Value struct {
					Statuses []struct {
						Errors []struct{ Code int }
					}
				}
			}
		}
	}
	readExample(t, "meta-status-failed-131049-webhook", &webhook)
	code := webhook.Entry[0].Changes[0].Value.Statuses[0].Errors[0].Code
	if got, known := LookUpMeta(code); !known || got.Outcome.Kind != Refused {
		t.Errorf("code %d: %+v, want refused", code, got)
	}
}

func readExample(t *testing.T, name string, v any) {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name + ".json")
	if err == nil {
		err = json.Unmarshal(b, v)
	}
	if err != nil {
		t.Fatal(err)
	}
}
