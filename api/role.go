package api

import "fmt"

// Role says what a caller may do. Each role may do what those before it may.
type Role uint8

// The roles. Anyone needs no token; it is for routes, not for tokens.
const (
	Anyone   Role = iota + 1
	Viewer        // sees everything, numbers masked
	Operator      // brings campaigns in, starts, pauses and cancels them
	Admin         // sees whole numbers
)

var roleNames = [...]string{Anyone: "anyone", Viewer: "viewer", Operator: "operator", Admin: "admin"}

// ParseRole reads the role of a token.
func ParseRole(s string) (Role, error) {
	for r := Viewer; r <= Admin; r++ {
		if s == roleNames[r] {
			return r, nil
		}
	}
	return 0, fmt.Errorf("unknown role %q: use viewer, operator or admin", s)
}

func (r Role) String() string {
	if r >= Anyone && r <= Admin {
		return roleNames[r]
	}
	return fmt.Sprintf("role(%d)", uint8(r))
}
