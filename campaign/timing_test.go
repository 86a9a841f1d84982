package campaign

import (
	"testing"
	"time"
)

// plan makes a campaign of a window, as "09:00-20:00" in Rome or "" for none, and of
// how long it waits before it expires.
func plan(t testing.TB, hours string, expire bool, expires time.Duration) *Campaign {
	t.Helper()
	c := &Campaign{ID: "c", Expires: expires}
	if hours != "" {
		w := window(t, hours[:5], hours[6:])
		w.Zone, w.Expire = "Europe/Rome", expire
		c.Window = &w
	}
	return c
}

// instant reads a moment; "" is the zero time.
func instant(t testing.TB, s string) time.Time {
	t.Helper()
	if s == "" {
		return time.Time{}
	}
	return moment(t, s)
}

func TestOpens(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ what, hours, due, now, want string }{
		{"no window, at once", "", "", "2026-12-01T12:00:00Z", ""},
		{"no window, later", "", "2026-12-01T15:00:00Z", "2026-12-01T12:00:00Z", "2026-12-01T15:00:00Z"},
		{"no window, long due", "", "2026-12-01T10:00:00Z", "2026-12-01T12:00:00Z", "2026-12-01T10:00:00Z"},
		{"open, at once", "09:00-20:00", "", "2026-12-01T12:00:00Z", ""},
		{"open, long due", "09:00-20:00", "2026-11-30T12:00:00Z", "2026-12-01T12:00:00Z", ""},
		{"open, due later today", "09:00-20:00", "2026-12-01T15:00:00Z", "2026-12-01T12:00:00Z", "2026-12-01T15:00:00Z"},
		{"open, due when it is closed", "09:00-20:00", "2026-12-01T22:00:00Z", "2026-12-01T12:00:00Z", "2026-12-02T08:00:00Z"},
		{"closed, at once", "09:00-20:00", "", "2026-12-01T22:00:00Z", "2026-12-02T08:00:00Z"},
		{"closed, due before it closed", "09:00-20:00", "2026-12-01T18:59:00Z", "2026-12-01T19:00:00Z", "2026-12-02T08:00:00Z"},
		{"closed, due the day after tomorrow", "09:00-20:00", "2026-12-03T12:00:00Z", "2026-12-01T22:00:00Z", "2026-12-03T12:00:00Z"},
		{"at its opening", "09:00-20:00", "", "2026-12-01T08:00:00Z", ""},
		{"overnight, open after midnight", "22:00-06:00", "", "2026-12-02T04:00:00Z", ""},
		{"overnight, by day", "22:00-06:00", "", "2026-12-02T10:00:00Z", "2026-12-02T21:00:00Z"},
		{"overnight, due by day", "22:00-06:00", "2026-12-02T10:00:00Z", "2026-12-02T04:00:00Z", "2026-12-02T21:00:00Z"},
	} {
		for _, expire := range []bool{false, true} {
			got := plan(t, x.hours, expire, 0).Opens("+393401234567", instant(t, x.due), instant(t, x.now))
			if want := instant(t, x.want); !got.Equal(want) {
				t.Errorf("%s: due %q, at %s: opens %v, want %v", x.what, x.due, x.now, got, want)
			}
		}
	}
}

func TestNotAfter(t *testing.T) {
	t.Parallel()
	const closed = "1970-01-01T00:00:00.001Z"
	for _, x := range []struct {
		what, hours string
		expire      bool
		expires     time.Duration
		at          string // the message's time
		now, want   string // the end, without the margin
	}{
		{what: "no end", at: "2026-12-01T10:00:00Z", now: "2026-12-01T12:00:00Z"},
		{what: "time to live", expires: 8 * time.Hour, at: "2026-12-01T10:00:00Z", now: "2026-12-01T12:00:00Z", want: "2026-12-01T18:00:00Z"},
		{what: "time to live is over", expires: 8 * time.Hour, at: "2026-12-01T10:00:00Z", now: "2026-12-02T12:00:00Z", want: "2026-12-01T18:00:00Z"},

		{what: "held, open", hours: "09:00-20:00", at: "2026-12-01T10:00:00Z", now: "2026-12-01T12:00:00Z", want: "2026-12-01T19:00:00Z"},
		{what: "held, open the next day", hours: "09:00-20:00", at: "2026-12-01T10:00:00Z", now: "2026-12-02T12:00:00Z", want: "2026-12-02T19:00:00Z"},
		{what: "held, closed", hours: "09:00-20:00", at: "2026-12-01T10:00:00Z", now: "2026-12-01T22:00:00Z", want: closed},
		{what: "held, closed this moment", hours: "09:00-20:00", at: "2026-12-01T10:00:00Z", now: "2026-12-01T19:00:00Z", want: closed},
		{what: "held, at its opening", hours: "09:00-20:00", at: "2026-12-01T10:00:00Z", now: "2026-12-02T08:00:00Z", want: "2026-12-02T19:00:00Z"},
		{what: "held overnight, before midnight", hours: "22:00-06:00", at: "2026-12-01T10:00:00Z", now: "2026-12-01T22:30:00Z", want: "2026-12-02T05:00:00Z"},
		{what: "held overnight, after midnight", hours: "22:00-06:00", at: "2026-12-01T10:00:00Z", now: "2026-12-02T04:00:00Z", want: "2026-12-02T05:00:00Z"},
		{what: "held overnight, by day", hours: "22:00-06:00", at: "2026-12-01T10:00:00Z", now: "2026-12-02T10:00:00Z", want: closed},

		{what: "expires with its window, open", hours: "09:00-20:00", expire: true, at: "2026-12-01T10:00:00Z", now: "2026-12-01T12:00:00Z", want: "2026-12-01T19:00:00Z"},
		{what: "expires with its window, evening", hours: "09:00-20:00", expire: true, at: "2026-12-01T10:00:00Z", now: "2026-12-01T22:00:00Z", want: "2026-12-01T19:00:00Z"},
		{what: "expires with its window, which is over when another is open", hours: "09:00-20:00", expire: true, at: "2026-12-01T10:00:00Z",
			now: "2026-12-02T12:00:00Z", want: "2026-12-01T19:00:00Z"},
		{what: "its time is at night: the morning's window is its own", hours: "09:00-20:00", expire: true, at: "2026-12-01T22:00:00Z",
			now: "2026-12-02T12:00:00Z", want: "2026-12-02T19:00:00Z"},
		{what: "its time is at night, and it is night", hours: "09:00-20:00", expire: true, at: "2026-12-01T22:00:00Z", now: "2026-12-01T23:00:00Z", want: closed},
		{what: "expires with its window, overnight", hours: "22:00-06:00", expire: true, at: "2026-12-01T22:00:00Z", now: "2026-12-02T04:00:00Z", want: "2026-12-02T05:00:00Z"},
		{what: "expires with its window, overnight, the night after", hours: "22:00-06:00", expire: true, at: "2026-12-01T22:00:00Z",
			now: "2026-12-02T22:00:00Z", want: "2026-12-02T05:00:00Z"},

		{what: "its time to live ends before its window", hours: "09:00-20:00", expires: 8 * time.Hour, at: "2026-12-01T10:00:00Z", now: "2026-12-01T12:00:00Z",
			want: "2026-12-01T18:00:00Z"},
		{what: "its window ends before its time to live", hours: "09:00-20:00", expires: 48 * time.Hour, at: "2026-12-01T10:00:00Z", now: "2026-12-01T12:00:00Z",
			want: "2026-12-01T19:00:00Z"},
		{what: "its time to live ends while its window is closed", hours: "09:00-20:00", expires: 8 * time.Hour, at: "2026-12-01T18:00:00Z", now: "2026-12-01T22:00:00Z",
			want: closed},
		{what: "its time to live ended while its window was closed", hours: "09:00-20:00", expires: 8 * time.Hour, at: "2026-12-01T18:00:00Z", now: "2026-12-02T12:00:00Z",
			want: "2026-12-02T02:00:00Z"},
	} {
		want := instant(t, x.want)
		if x.want != "" && x.want != closed {
			want = want.Add(-150 * time.Millisecond) // a request may start a little after its claim
		}
		got := plan(t, x.hours, x.expire, x.expires).NotAfter("+393401234567", instant(t, x.at), instant(t, x.now))
		if !got.Equal(want) {
			t.Errorf("%s: of %s, at %s: not after %v, want %v", x.what, x.at, x.now, got.UTC(), want.UTC())
		}
	}
}

// A window that the person's own clock opens and closes.
func TestTimingOfAPersonFarAway(t *testing.T) {
	t.Parallel()
	c := plan(t, "09:00-20:00", false, 0)
	c.Window.Zone = RecipientZone
	now := moment(t, "2026-12-01T12:00:00Z") // one in the night in Auckland, past noon in Rome
	for to, want := range map[Destination]struct{ opens, ends string }{
		"+393401234567": {"", "2026-12-01T18:59:59.85Z"},
		"+64212000131":  {"2026-12-01T20:00:00Z", "1970-01-01T00:00:00.001Z"},
	} {
		if got := c.Opens(to, time.Time{}, now); !got.Equal(instant(t, want.opens)) {
			t.Errorf("%s: opens %v, want %q", to.E164(), got, want.opens)
		}
		if got := c.NotAfter(to, now, now); !got.Equal(instant(t, want.ends)) {
			t.Errorf("%s: not after %v, want %q", to.E164(), got, want.ends)
		}
	}
}
