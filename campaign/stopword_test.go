package campaign

import "testing"

func TestIsStop(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"STOP", "stop", " Stop. ", "«stop»", "Stop!!", "STOPP", "Unsubscribe", "OPT-OUT", "opt out",
		"Cancellami", "DISISCRIVIMI", "basta", "Arrêt", "ARRET", "Désabonner", "abmelden", "Aufhören", "aufhoren",
		"BAJA", "Dar de baja", "kāti", "बंद करो", "बंद।",
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
