package infobip

import (
	"fmt"
	"strings"

	"github.com/seed-438792ba/cascade/provider"
)

// Explain finds what a reason means that this adapter gave.
func (p *Provider) Explain(reason string) (provider.Code, bool) {
	return provider.Explain(reason, registered, answers.Explain)
}

// registered finds the row of the registry whose words a reason is. A number alone does
// not tell: another product's error may bear it.
func registered(reason string) (provider.Code, bool) {
	var what string
	var id int
	if _, err := fmt.Sscanf(reason, "%s %d ", &what, &id); err != nil {
		return provider.Code{}, false
	}
	rows := make([]verdict, 0, len(groups))
	switch what {
	case "error":
		rows = append(rows, errorCodes[id])
	case "status":
		for group := range groups {
			rows = append(rows, statuses[code{group, id}])
		}
	}
	for _, v := range rows {
		if v.mend != "" && strings.HasPrefix(reason, fmt.Sprintf("%s %d %s", what, id, v.meaning)) {
			return v.code(), true
		}
	}
	return provider.Code{}, false
}
