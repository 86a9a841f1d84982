package simulator

import (
	"io"
	"net/http"

	"github.com/seed-438792ba/cascade/campaign"
)

// infobipCapability is the question who has RCS: up to 500 numbers are documented.
var infobipCapability = object([]member{
	must("sender", text),
	must("phoneNumbers", listOf(bareNumber)),
	may("options", object([]member{may("platform", anyObject)})),
})

const infobipMostNumbers = 500

// capability answers by the magic numbers: who is told undeliverable over RCS is
// UNREACHABLE, an invalid number INVALID_DESTINATION_ADDRESS, and who is silent everywhere
// is UNKNOWN_CODE. Everybody else has RCS, whatever chance makes of a message.
func (b infobip) capability(r *http.Request, _ func(campaign.Channel, string) state) reply {
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, longest))
	if err != nil {
		return b.failure(campaign.RCS, infobipTrouble{status: http.StatusBadRequest, word: "BAD_REQUEST", says: "Bad request"})
	}
	o, problems := readObject(body, infobipCapability)
	numbers, _ := o["phoneNumbers"].([]any)
	if n := len(numbers); len(problems) == 0 && (n < 1 || n > infobipMostNumbers) {
		problems = append(problems, "phoneNumbers: want 1 to 500")
	}
	if len(problems) > 0 {
		return b.failure(campaign.RCS, infobipTrouble{status: http.StatusBadRequest, word: "BAD_REQUEST", says: "Bad request", problems: problems})
	}
	results := make([]any, 0, len(numbers))
	for _, n := range numbers {
		number, _ := n.(string)
		results = append(results, map[string]any{"phoneNumber": number, "code": infobipReach(plussed(number))})
	}
	return reply{status: http.StatusOK, body: encode(map[string]any{"capabilityCheckResults": results})}
}

func infobipReach(to campaign.Destination) string {
	n := trickNumber(to)
	if n == 0 {
		return "ENABLED"
	}
	switch f := tricks[n-1].fates[1]; {
	case f.refused == invalidNumber:
		return "INVALID_DESTINATION_ADDRESS"
	case f.end == undeliverable:
		return "UNREACHABLE"
	case f.end == silent:
		return "UNKNOWN_CODE"
	}
	return "ENABLED"
}
