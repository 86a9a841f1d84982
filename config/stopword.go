package config

import "github.com/seed-438792ba/cascade/campaign"

// stopWord is what people write to get no more messages.
type stopWord string

// UnmarshalText reads a word that can be recognised.
func (w *stopWord) UnmarshalText(b []byte) error {
	if _, err := campaign.NewStopWords(string(b)); err != nil {
		return err
	}
	*w = stopWord(b)
	return nil
}

// stopWords are the deployment's own. Each of them was read, so that there is no error.
func stopWords(list []stopWord) campaign.StopWords {
	words := make([]string, len(list))
	for i, w := range list {
		words[i] = string(w)
	}
	all, _ := campaign.NewStopWords(words...)
	return all
}
