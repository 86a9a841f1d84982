package campaign

import (
	"strings"
	"testing"
)

func TestIsStop(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"STOP", "stop", " Stop. ", "«stop»", "Stop!!", "STOPP", "Unsubscribe", "OPT-OUT", "opt out",
		"Cancellami", "DISISCRIVIMI", "basta", "Arrêt", "ARRET", "Désabonner", "abmelden", "Aufhören", "aufhoren",
		"BAJA", "Dar de baja", "Sair", "Cancelar inscrição", "Afmelden", "odjava", "BERHENTI", "STOPALL", "oprește", "kāti", "बंद करो", "बंद।",
	} {
		if !IsStop(text) {
			t.Errorf("IsStop(%q) = false", text)
		}
	}
	for _, text := range []string{
		"", ".", "Grazie", "stop it please", "Non voglio fermarmi", "bus stop", "OK", "start",
		"STOP STOP STOP STOP STOP STOP STOP STOP STOP STOP STOP STOP STOP STOP",
	} {
		if IsStop(text) {
			t.Errorf("IsStop(%q) = true", text)
		}
	}
}

func TestADeploymentsOwnStopWords(t *testing.T) {
	t.Parallel()
	words, err := NewStopWords("Não quero mais!", "Опт-аут")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{
		"nao quero mais": true, "«NÃO QUERO MAIS»": true, "опт аут": true, "STOP": true, "quero mais": false, "": false, "...": false,
	} {
		if got := words.Has(text); got != want {
			t.Errorf("Has(%q) = %t, want %t", text, got, want)
		}
	}
	if IsStop("não quero mais") {
		t.Error("one deployment's word is everybody's")
	}
	for _, bad := range []string{"", " .", strings.Repeat("x", 65)} {
		if _, err := NewStopWords("ok", bad); err == nil {
			t.Errorf("the word %q was taken", bad)
		}
	}
}
