package infobip

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// capabilityPath is where Infobip tells who has RCS (documented: up to 500 numbers, 1 to
// 10 advised, 100 requests a second).
const capabilityPath = "/rcs/2/capability-check/query"

type capabilityRequest struct {
	Sender       string   `json:"sender"`
	PhoneNumbers []string `json:"phoneNumbers"`
}

type capabilityAnswer struct {
	Results []struct {
		PhoneNumber provider.Word `json:"phoneNumber"`
		Code        provider.Word `json:"code"`
	} `json:"capabilityCheckResults"`
}

// capabilities are the codes that say something of the person. All codes are documented,
// without their meanings: that UNREACHABLE is about the person, and the others about the
// question, the route or a fault, is assumed.
var capabilities = map[string]bool{"ENABLED": true, "UNREACHABLE": false}

// ChecksCapability is of RCS alone.
func (p *Provider) ChecksCapability(on campaign.Channel) bool {
	return on == campaign.RCS && p.config.RCS != nil
}

// Capable asks who has RCS.
func (p *Provider) Capable(ctx context.Context, on campaign.Channel, people []campaign.Destination, gate provider.Gate) (map[campaign.Destination]bool, provider.Outcome) {
	if !p.ChecksCapability(on) {
		return nil, provider.Unsendable(provider.NoChannel(on))
	}
	question := capabilityRequest{Sender: p.config.RCS.bare()}
	private := p.secrets()
	asked := make(map[string]campaign.Destination, len(people))
	for _, person := range people {
		number := strings.TrimPrefix(person.E164(), "+")
		question.PhoneNumbers, private = append(question.PhoneNumbers, number), append(private, number)
		asked[number] = person
	}
	body, err := json.Marshal(question)
	if err != nil {
		return nil, provider.Unsendable(err)
	}
	x := p.client.Post(ctx, provider.Request{URL: p.config.BaseURL + capabilityPath, Header: p.header(), Body: body}, gate)
	var answer capabilityAnswer
	switch {
	case !x.Successful():
		return nil, outcome(x, campaign.Attempt{}, private)
	case !x.Read(&answer):
		return nil, x.Unreadable()
	}
	clear := make(map[campaign.Destination]bool, len(people))
	for _, r := range answer.Results {
		person, ours := asked[strings.TrimPrefix(string(r.PhoneNumber), "+")]
		if capable, said := capabilities[strings.ToUpper(string(r.Code))]; ours && said {
			clear[person] = capable
		}
	}
	return clear, provider.Outcome{Kind: provider.Accepted}
}
