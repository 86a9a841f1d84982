package campaign

import (
	"slices"
	"strings"
)

// stopWords are what people write to get no more messages, as fold leaves them.
var stopWords = foldAll(
	// everywhere, and what English speakers in the United Kingdom, New Zealand and India use
	"stop", "stop all", "stopp", "unsubscribe", "opt out", "cancel", "quit", "end", "remove", "remove me",
	// Italian
	"ferma", "fermati", "basta", "cancella", "cancellami", "cancellazione", "disiscrivi", "disiscrivimi",
	"disiscrizione", "rimuovi", "rimuovimi", "annulla",
	// French
	"arrêt", "arrête", "arrêter", "arrêtez", "désabonner", "se désabonner", "désabonnement",
	"désinscrire", "désinscription", "résilier",
	// German
	"abmelden", "abmeldung", "abbestellen", "austragen", "beenden", "aufhören",
	// Spanish
	"baja", "dar de baja", "darme de baja", "alto", "parar", "cancelar", "detener", "basta ya",
	// Māori, and Hindi in both scripts
	"mutu", "kāti", "band karo", "bandh karo", "roko", "बंद", "बंद करो", "बंद करें", "रोको", "रोकें",
)

func foldAll(words ...string) []string {
	folded := make([]string, len(words))
	for i, w := range words {
		folded[i] = fold(w)
	}
	slices.Sort(folded)
	return folded
}

// IsStop says whether a person asks to get no more messages: a known word as the
// whole message, without regard to case, accents, and quotes or stops around it. A
// longer message is not guessed at.
func IsStop(text string) bool {
	const longest = 64
	if len(text) > longest {
		return false
	}
	word := fold(strings.Trim(text, " \t\r\n.,;:!?'\"«»“”‘’()।"))
	_, found := slices.BinarySearch(stopWords, word)
	return found
}
