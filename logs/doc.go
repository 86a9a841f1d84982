// Package logs keeps what the program's log may not show out of it, and what would flood
// it. Both are handlers around slog's own.
//
// Types that hold numbers and secrets mask themselves wherever they are printed. Mask is
// the second line of defence: for the words of others, as a provider's answer or an error
// of the system, in which one may stand.
package logs
