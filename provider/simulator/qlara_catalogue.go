package simulator

import (
	"net/http"
	"strconv"

	"github.com/seed-438792ba/cascade/campaign"
)

// What the played account holds: one phone number and two templates, those of the
// documented examples and one that waits to be approved. A send may name any.
const qlaraPhoneNumber = 5

type qlaraTemplate struct {
	ID         int              `json:"id"`
	Name       string           `json:"name"`
	Language   string           `json:"language"`
	Category   string           `json:"category"`
	Status     string           `json:"status"`
	Components []qlaraComponent `json:"components"` // their form is assumed
}

type qlaraComponent struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

var qlaraTemplates = []qlaraTemplate{
	{42, "promo", "it", "MARKETING", "APPROVED", []qlaraComponent{{"BODY", "Ciao {nome}, una promozione per te."}}},
	{43, "promo_estate", "it", "MARKETING", "PENDING", []qlaraComponent{{"BODY", "Ciao {nome}!"}}},
}

// templates lists those of a status and a phone number, at most as many as are wanted.
func (q qlara) templates(r *http.Request, _ func(campaign.Channel, string) state) reply {
	query := r.URL.Query()
	limit, err := strconv.Atoi(query.Get("limit"))
	if query.Has("limit") && (err != nil || limit < 1) {
		return q.failure(http.StatusBadRequest, "limit: want a whole number")
	}
	list := []qlaraTemplate{}
	for _, t := range qlaraTemplates {
		wanted := !query.Has("status") || query.Get("status") == t.Status
		here := !query.Has("phoneNumberId") || query.Get("phoneNumberId") == strconv.Itoa(qlaraPhoneNumber)
		if wanted && here && (limit == 0 || len(list) < limit) {
			list = append(list, t)
		}
	}
	return reply{status: http.StatusOK, body: encode(map[string]any{"data": list})}
}

// phoneNumbers is the list under the name that the older generation has; of the present
// one only the field id is documented.
func (q qlara) phoneNumbers(*http.Request, func(campaign.Channel, string) state) reply {
	return reply{status: http.StatusOK, body: encode(map[string]any{"phoneNumbers": []any{
		map[string]any{"id": qlaraPhoneNumber, "phoneNumber": qlaraNumber, "status": "CONNECTED"},
	}})}
}
