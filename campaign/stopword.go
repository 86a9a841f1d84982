package campaign

import (
	"fmt"
	"slices"
	"strings"
)

// stopWords are what people write to get no more messages, as fold leaves them.
var stopWords = foldAll(
	// everywhere, and what English speakers in the United Kingdom, New Zealand and India use
	"stop", "stop all", "stopall", "stopp", "unsubscribe", "opt out", "optout", "cancel", "quit", "end", "revoke", "remove", "remove me",
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
	// Portuguese
	"pare", "sair", "remover", "descadastrar", "cancelar inscrição", "cancelar subscrição",
	// Dutch
	"afmelden", "uitschrijven", "stoppen",
	// Croatian, Polish, Romanian
	"odjava", "odjavi me", "wypisz", "wypisz mnie", "rezygnuję", "dezabonare", "dezabonează", "oprește",
	// Indonesian
	"berhenti", "berhenti berlangganan",
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

// longestStop bounds a stop word, in bytes.
const longestStop = 64

// StopWords are the words above and those that a deployment adds. The zero StopWords has
// none of its own.
type StopWords struct{ own []string }

// NewStopWords adds words. One that is empty, or so long that it would never be found,
// is an error.
func NewStopWords(words ...string) (StopWords, error) {
	for _, w := range words {
		if stopWord(w) == "" || len(w) > longestStop {
			return StopWords{}, fmt.Errorf("%q: want a word or a few, of at most %d bytes, as people write them to get no more messages", w, longestStop)
		}
	}
	own := make([]string, len(words))
	for i, w := range words {
		own[i] = stopWord(w)
	}
	slices.Sort(own)
	return StopWords{own}, nil
}

// Has says whether a person asks to get no more messages: a known word as the whole
// message, without regard to case, accents, and quotes or stops around it. A longer
// message is not guessed at.
func (s StopWords) Has(text string) bool {
	if len(text) > longestStop {
		return false
	}
	word := stopWord(text)
	_, found := slices.BinarySearch(stopWords, word)
	_, own := slices.BinarySearch(s.own, word)
	return found || own
}

// IsStop is StopWords.Has of the words that every deployment has.
func IsStop(text string) bool { return StopWords{}.Has(text) }

func stopWord(text string) string {
	return fold(strings.Trim(text, " \t\r\n.,;:!?'\"«»“”‘’()।"))
}
