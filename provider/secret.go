package provider

// Secret is a key or password. However it is printed, alone or in a struct, it shows
// nothing; Reveal gives it, for the wire.
type Secret struct {
	value *string // behind a pointer, for fmt reads unexported fields, but follows no pointer in them
}

// NewSecret hides s.
func NewSecret(s string) Secret { return Secret{&s} }

// Reveal gives what is hidden; "" if nothing is.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

func (s Secret) String() string {
	if s.Reveal() == "" {
		return ""
	}
	return "***"
}

// MarshalText gives what String gives.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText hides what it is given.
func (s *Secret) UnmarshalText(b []byte) error {
	*s = NewSecret(string(b))
	return nil
}
