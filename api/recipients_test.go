package api_test

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
)

// objects are people(n) as NDJSON.
func objects(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"destination": %q, "variables": {"nome": "Ada"}}`+"\n", person(i).E164())
	}
	return b.String()
}

func TestObjectsAreImportedAsRowsAre(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.want("create", h.do("POST", "/v1/campaigns", operator, "application/yaml", spring), 201)
	const path, ndjson = "/v1/campaigns/spring/recipients", "application/x-ndjson"
	var got campaign.ImportReport
	h.want("import", h.do("POST", path, operator, ndjson, objects(1500)), 200).into(t, &got)
	if got.Accepted != 1500 || got.Rejected != 0 {
		t.Errorf("the import said %+v", got)
	}
	h.want("again, and more", h.do("POST", path, operator, ndjson, objects(1600)+"\nrubbish\n"), 200).into(t, &got)
	if got.Accepted != 100 || got.AlreadyThere != 1500 || got.Rejected != 1 || got.Blank != 1 {
		t.Errorf("the same and more said %+v", got)
	}
	h.want("start", h.post("/v1/campaigns/spring/start", operator, ""), 200)
	h.want("the same again", h.do("POST", path, operator, ndjson, objects(1600)), 200).into(t, &got)
	if got.AlreadyThere != 1600 {
		t.Errorf("after the start the same said %+v", got)
	}
	if got := h.summary("spring"); got.Accepted != 1600 {
		t.Errorf("the campaign has %d messages", got.Accepted)
	}
}

func TestRejectsCanBeMended(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.want("create", h.do("POST", "/v1/campaigns", operator, "application/yaml", spring), 201)
	const path = "/v1/campaigns/spring/recipients"
	file := "telefono;nome;note\n" + strings.TrimPrefix(people(3), "telefono;nome\n") + "+39340;=cmd();@x\n"
	for range 2 { // the same rejects, uploaded twice
		h.want("import", h.do("POST", path, operator, "text/csv", strings.ReplaceAll(file, ";Ada\n", ";Ada;\n")), 200)
	}
	h.want("another form", h.do("POST", path, operator, "application/x-ndjson", objects(20)+`{"telefono": "none", "nome": "Bob", "città": "Roma"}`), 200)
	h.want("as a viewer", h.get("/v1/campaigns/spring/rejects", viewer), 403)
	got := h.want("rejects", h.get("/v1/campaigns/spring/rejects", operator), 200)
	rows, err := csv.NewReader(strings.NewReader(got.body)).ReadAll()
	if err != nil || len(rows) != 6 {
		t.Fatalf("%d rows, %v, want a heading, one and the rejects of the two files:\n%s", len(rows), err, got.body)
	}
	column := func(row []string, name string) string {
		for i, header := range rows[0] {
			if header == name {
				return row[i]
			}
		}
		t.Fatalf("no column %s in %q", name, rows[0])
		return ""
	}
	reasons := map[string]int{}
	for _, row := range rows[1:] {
		reasons[column(row, "reason")]++
		if column(row, "line") == "5" && column(row, "telefono") == "+39340" && (column(row, "nome") != "'=cmd()" || column(row, "note") != "'@x") {
			t.Errorf("a formula is not harmless: %q", row)
		}
		if column(row, "città") == "Roma" && (column(row, "nome") != "Bob" || column(row, "note") != "") {
			t.Errorf("the fields of one file stand in the columns of another: %q", row)
		}
	}
	if reasons["invalid_number"] != 2 || reasons["duplicate"] != 3 {
		t.Errorf("the reasons are %v", reasons)
	}
}
