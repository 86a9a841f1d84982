package provider

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/seed-438792ba/cascade/campaign"
)

// Person reads the number of one who writes as recipients' numbers are read, so that
// he is found among them. It wants the plus; a number without one is not guessed at.
func Person(number string) (campaign.Destination, error) {
	to, err := campaign.ParseDestination(number, "")
	if err != nil {
		return "", errors.New("no number in international form with a plus") // err shows an example number
	}
	return to, nil
}

// InboundID stands for an id that the provider does not give, so that a repeated
// callback is known again.
func InboundID(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return "inbound-" + hex.EncodeToString(h.Sum(nil)[:16])
}
