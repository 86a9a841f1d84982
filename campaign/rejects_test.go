package campaign

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRejectsFile(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	w, err := NewRejectsWriter(&out, []string{"Nome", "Cell"}, ';')
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range []Reject{
		{3, "Cell", InvalidNumber, "not a valid number", []string{"Mario; figli", "+39 340-12"}},
		{5, "", RaggedRow, "1 field", []string{"=cmd|'/c calc'!A1"}},
		{7, "", RaggedRow, "4 fields", []string{"@x", "-5", "+a", "z"}},
		{9, "Nome", MissingPlaceholder, "empty", []string{"", "\t+1"}},
	} {
		if err := w.Write(j); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	want := `Nome;Cell;line;column;reason;text
"Mario; figli";+39 340-12;3;Cell;invalid_number;not a valid number
'=cmd|'/c calc'!A1;;5;;ragged_row;1 field
'@x;-5;7;;ragged_row;4 fields;'+a;z
` + ";'\t+1;9;Nome;missing_placeholder;empty\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	bad, err := NewRejectsWriter(failing{}, []string{"a"}, ',')
	if err == nil {
		err = bad.Flush()
	}
	if err == nil || err.Error() != "write rejects: the disk is full" {
		t.Errorf("a full disk: %v", err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("the disk is full") }
