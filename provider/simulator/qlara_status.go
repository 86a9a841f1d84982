package simulator

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
)

// qlaraAtOnce is how many ids one question may hold; "a few hundred" is documented.
const qlaraAtOnce = 300

// qlaraStates are the words of the status query. That a message is read is not among
// them.
var qlaraStates = map[state]string{inTransit: "SENT", reached: "DELIVERED", notReached: "ERROR"}

type qlaraStatus struct {
	ID          string `json:"customerMessageId"`
	Channel     string `json:"channel"`
	Status      string `json:"deliveryStatus"`
	Description string `json:"deliveryStatusDescription"`
}

func newQlaraStatus(ch campaign.Channel, id, word string) qlaraStatus {
	return qlaraStatus{ID: id, Channel: strings.ToUpper(ch.String()), Status: word, Description: word[:1] + strings.ToLower(word[1:])}
}

// status answers about one message. Its channel must be named, and be the one on which
// the message was sent.
func (q qlara) status(r *http.Request, known func(campaign.Channel, string) state) reply {
	ch, err := qlaraChannel(r)
	if err != nil {
		return q.failure(http.StatusBadRequest, err.Error())
	}
	id := r.PathValue("id")
	stands := known(ch, id)
	if stands == hidden {
		return q.failure(http.StatusServiceUnavailable, "the service is away, try later")
	}
	word, taken := qlaraStates[stands]
	if !taken {
		return q.failure(http.StatusNotFound, "no message of this id on this channel")
	}
	return reply{status: http.StatusOK, body: encode(newQlaraStatus(ch, id, word))}
}

// statuses answers about several messages of one channel, and leaves out those that it
// does not know. The ids come by either of the two names that are documented; that the
// answer is a list is assumed.
func (q qlara) statuses(r *http.Request, known func(campaign.Channel, string) state) reply {
	ch, err := qlaraChannel(r)
	if err != nil {
		return q.failure(http.StatusBadRequest, err.Error())
	}
	query := r.URL.Query()
	if query.Has("ids") == query.Has("customerMessageIds") {
		return q.failure(http.StatusBadRequest, "ids: want a list, separated by commas")
	}
	ids := strings.Split(query.Get("ids")+query.Get("customerMessageIds"), ",")
	if len(ids) > qlaraAtOnce {
		return q.failure(http.StatusBadRequest, fmt.Sprintf("ids: want at most %d", qlaraAtOnce))
	}
	list := []qlaraStatus{}
	for _, id := range ids {
		if word, taken := qlaraStates[known(ch, id)]; taken {
			list = append(list, newQlaraStatus(ch, id, word))
		}
	}
	return reply{status: http.StatusOK, body: encode(list)}
}

// qlaraChannel is the channel that a question names, in capital letters as documented.
func qlaraChannel(r *http.Request) (campaign.Channel, error) {
	word := r.URL.Query().Get("channel")
	ch, err := campaign.ParseChannel(strings.ToLower(word))
	if err != nil || word != strings.ToUpper(word) {
		return 0, errors.New("channel: want SMS, RCS or WHATSAPP")
	}
	return ch, nil
}
