package campaign

// ParsePolicy reads "at_most_once" or "at_least_once".
func ParsePolicy(word string) (Policy, error) {
	return oneOf(word, AtMostOnce.String(), AtMostOnce, AtLeastOnce.String(), AtLeastOnce)
}

func (p Policy) String() string { return [...]string{"at_most_once", "at_least_once"}[p] }

// MarshalText gives the form that ParsePolicy reads.
func (p Policy) MarshalText() ([]byte, error) { return []byte(p.String()), nil }
