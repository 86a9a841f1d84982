package campaign

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestColumnsThatAreKept(t *testing.T) {
	t.Parallel()
	const file = "Nome,Cognome,Telefono,Codice Sconto,Note,\nMario,Rossi,+393401234567,X,n,z\n"
	for what, x := range map[string]struct {
		campaign string
		want     Variables
		unused   []string
	}{
		"nothing is needed": {"route: [{channel: sms, account: a, text: hi}]\nrecipients: {columns: {destination: telefono}}", nil, []string{"Nome", "Cognome", "Codice Sconto", "Note"}},
		"in the campaign's spelling": {
			"route: [{channel: sms, account: a, text: '{NOME} {codice_sconto}'}]\nrecipients: {columns: {destination: telefono}}",
			Variables{"NOME": "Mario", "codice_sconto": "X"}, []string{"Cognome", "Note"},
		},
		"as columns say": {
			"route: [{channel: sms, account: a, text: '{sconto}'}]\nrecipients: {columns: {destination: telefono, Sconto: codice sconto}}",
			Variables{"sconto": "X"}, []string{"Nome", "Cognome", "Note"},
		},
		"every column": {
			"route: [{channel: whatsapp, account: a, template: {id: 1}}, {channel: sms, account: a, text: '{Nome}'}]\nrecipients: {columns: {destination: telefono, memo: note}}",
			Variables{"Nome": "Mario", "cognome": "Rossi", "codiceSconto": "X", "memo": "n"}, []string{},
		},
		"a listed template": {
			"route: [{channel: whatsapp, account: a, template: {id: 1, placeholders: [cognome]}}]\nrecipients: {columns: {destination: telefono}}",
			Variables{"cognome": "Rossi"}, []string{"Nome", "Codice Sconto", "Note"},
		},
	} {
		r, err := NewReader(strings.NewReader(file), parse(t, "campaign: x\n"+x.campaign), ReaderOptions{})
		all, rejects, _ := readFile(t, r, err)
		if len(all) != 1 {
			t.Errorf("%s: %+v", what, rejects)
			continue
		}
		if diff := cmp.Diff(x.want, all[0].Variables); diff != "" {
			t.Errorf("%s, -want +got:\n%s", what, diff)
		}
		if diff := cmp.Diff(x.unused, r.Facts().Unused); diff != "" {
			t.Errorf("%s: unused, -want +got:\n%s", what, diff)
		}
	}
}

func TestKeyColumnIsUsedOnlyWhenAskedFor(t *testing.T) {
	t.Parallel()
	const file = "destination,key\n+393401234567,1\n"
	for campaign, want := range map[string]string{
		"route: [{channel: sms, account: a, text: hi}]":                                        "",
		"standing: true\nroute: [{channel: sms, account: a, text: hi}]":                        "1",
		"route: [{channel: sms, account: a, text: hi}]\nrecipients: {columns: {key: \"KEY\"}}": "1",
	} {
		all, rejects, _ := readText(t, "campaign: x\n"+campaign, file)
		if len(all) != 1 || all[0].Key != want {
			t.Errorf("%s: %+v, %+v, want the key %q", campaign, all, rejects, want)
		}
	}
}
