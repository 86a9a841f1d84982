package simulator

import (
	"fmt"
	"slices"
	"testing"
)

// wantShape holds what was said against what is documented: no member that is not
// there, none of another kind, and those that must be there are. Of lists the first
// elements are compared.
func wantShape(t *testing.T, what string, documented, said map[string]any, needed ...string) {
	t.Helper()
	known, got := map[string]string{}, map[string]string{}
	flatten("", documented, known)
	flatten("", said, got)
	for path, kind := range got {
		if documentedKind, there := known[path]; !there || documentedKind != kind && documentedKind != "<nil>" {
			t.Errorf("%s: %s is a %s, documented %q", what, path, kind, documentedKind)
		}
	}
	for _, path := range needed {
		if _, there := got[path]; !there {
			t.Errorf("%s: %s is missing in %v", what, path, said)
		}
	}
}

func flatten(at string, v any, into map[string]string) {
	switch v := v.(type) {
	case map[string]any:
		for name, e := range v {
			flatten(join(at, name), e, into)
		}
	case []any:
		if len(v) > 0 {
			flatten(at+"[]", v[0], into)
		}
	default:
		into[at] = fmt.Sprintf("%T", v)
	}
}

func TestRulesNameWhatIsWrong(t *testing.T) {
	t.Parallel()
	is := object([]member{
		must("list", single(open(must("a", text)))),
		may("kind", typed(map[string]rule{"A": object([]member{must("type", text), must("x", whole(0, 3))}), "B": anyObject})),
		may("said", parameter), may("short", length(1, 3)), may("number", bareNumber), may("at", anyNumber),
	}, atMostOne("said", "short"))
	for body, want := range map[string][]string{
		`{"list":[{"a":"x","b":1}]}`:                     nil,
		`{"list":[]}`:                                    {"list: want a list of one: one request is one message here"},
		`{"list":[{"a":"x"},{"a":"y"}]}`:                 {"list: want a list of one: one request is one message here"},
		`{"list":[{}]}`:                                  {"list[].a: is missing"},
		`{"list":["x"]}`:                                 {"list[]: want an object"},
		`{"list":[{"a":"x"}],"kind":{"type":"C"}}`:       {"kind.type: want one of A, B"},
		`{"list":[{"a":"x"}],"kind":{}}`:                 {"kind.type: is missing"},
		`{"list":[{"a":"x"}],"kind":7}`:                  {"kind: want an object"},
		`{"list":[{"a":"x"}],"kind":{"type":"A","x":4}}`: {"kind.x: want 0 to 3, not in quotes"},
		`{"list":[{"a":"x"}],"kind":{"type":"B","y":1}}`: nil,
		`{"list":[{"a":"x"}],"said":"a\nb"}`:             {"said: want a text without new lines and tabs, and with no more than 4 spaces in a row"},
		`{"list":[{"a":"x"}],"said":"a    b"}`:           nil,
		`{"list":[{"a":"x"}],"short":"più1"}`:            {"short: want 1 to 3 characters"},
		`{"list":[{"a":"x"}],"said":"a","short":"b"}`:    {"body: want at most one of said, short"},
		`{"list":[{"a":"x"}],"number":"+39340123456"}`:   {"number: want 8 to 15 digits without a plus, the first not 0"},
		`{"list":[{"a":"x"}],"at":"45.1"}`:               {"at: want a number, not in quotes"},
	} {
		if _, got := readObject([]byte(body), is); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
}
