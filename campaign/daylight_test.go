package campaign

import (
	"archive/zip"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nyaruka/phonenumbers"
)

// TestMain has every zone read from Go's own database, which the binary embeds, and not
// from the machine's.
func TestMain(m *testing.M) {
	if err := os.Setenv("ZONEINFO", database()); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

func database() string {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		panic(err)
	}
	return filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip")
}

// change is one change of a zone's clocks: put forward by so much, or back.
type change struct {
	zone *time.Location
	at   time.Time
	by   time.Duration
}

func (c change) String() string { return fmt.Sprintf("%s at %s by %s", c.zone, c.at.UTC(), c.by) }

// changesOf are those of 2026 to 2030.
func changesOf(zone *time.Location) (list []change) {
	t, last := moment2026, time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)
	for {
		_, end := t.In(zone).ZoneBounds()
		if end.IsZero() || end.After(last) {
			return list
		}
		if !end.After(t) { // on the last day of a leap year ZoneBounds may end the year a day early
			t = t.Add(time.Hour)
			continue
		}
		_, before := end.Add(-1).Zone()
		_, after := end.Zone()
		if by := time.Duration(after-before) * time.Second; by != 0 {
			list = append(list, change{zone, end, by})
		}
		t = end
	}
}

var moment2026 = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// everyChange are the changes in all zones there are; of zones that are one under several
// names, once.
func everyChange(t *testing.T) (list []change) {
	t.Helper()
	all, err := zip.OpenReader(database())
	if err != nil {
		t.Fatal(err)
	}
	defer all.Close()
	seen, names := map[string]bool{}, 0
	for _, file := range all.File {
		if strings.HasSuffix(file.Name, "/") {
			continue
		}
		names++
		z, err := loadZone(file.Name)
		if err != nil {
			t.Fatal(err)
		}
		_, offset := moment2026.In(z).Zone()
		same := fmt.Sprint(offset)
		found := changesOf(z)
		for _, c := range found {
			same += fmt.Sprint(" ", c.at.Unix(), c.by)
		}
		if !seen[same] {
			seen[same] = true
			list = append(list, found...)
		}
	}
	if t.Logf("%d zones, %d different changes of clocks", names, len(list)); names < 500 || len(list) < 200 {
		t.Error("so few cannot be all")
	}
	return list
}

// wall is what a clock on the wall shows, as if it stood in UTC.
func wall(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

// TestStartsAroundEveryChangeOfClocks asks of each minute that a clock could show, before,
// within and after every gap and overlap, for the first instant at which it shows it, or,
// where it never does, for the end of the gap.
func TestStartsAroundEveryChangeOfClocks(t *testing.T) {
	t.Parallel()
	for _, c := range everyChange(t) {
		first, last := map[time.Time]time.Time{}, map[time.Time]time.Time{}
		for m := -8 * 60; m < 8*60; m++ {
			at := c.at.Add(time.Duration(m) * time.Minute).In(c.zone)
			if _, known := first[wall(at)]; !known {
				first[wall(at)] = at
			}
			last[wall(at)] = at
		}
		change := wall(c.at.Add(-1)).Truncate(time.Minute)
		for m := -4 * 60; m < 4*60; m++ {
			shown := change.Add(time.Duration(m) * time.Minute)
			want, wantLast := first[shown], last[shown]
			if want.IsZero() {
				want, wantLast = c.at, c.at
			}
			got, gotLast := onTheWall(shown, c.zone)
			if !got.Equal(want) || !gotLast.Equal(wantLast) {
				t.Fatalf("%s: %s is %s and %s, want %s and %s", c, shown.Format(time.DateTime), got.UTC(), gotLast.UTC(), want.UTC(), wantLast.UTC())
			}
		}
	}
}

// TestEveryFormOfATimeFollowsTheRule reads starts and rows' times within each gap and
// overlap, in the zone that they name, that of the rows, and that of the number.
func TestEveryFormOfATimeFollowsTheRule(t *testing.T) {
	t.Parallel()
	numbers := numbersByZone(t)
	k := &checker{}
	for _, c := range everyChange(t) {
		shown := wall(c.at.Add(-1)).Add(min(c.by, -c.by) / 2).Truncate(time.Minute) // in the hour that comes twice
		want, _ := onTheWall(shown, c.zone)
		if c.by > 0 {
			shown, want = wall(c.at.Add(-1)).Add(c.by/2).Truncate(time.Minute), c.at // in the gap
		}
		text, name := shown.Format("2006-01-02 15:04"), c.zone.String()
		read := func(what string, got time.Time, err error) {
			if err != nil || !got.Equal(want) || got.Location() != time.UTC {
				t.Errorf("%s: %s %s is %s, %v, want %s", c, what, text, got, err, want.UTC())
			}
		}
		got, err := ParseStart(text + " " + name)
		read("the start", got, err)
		got, err = k.time(text+" "+name, "+39")
		read("a row's time with its zone", got, err)
		k.zone = name
		got, err = k.time(text, "+39")
		read("a row's time in the rows' zone", got, err)
		got, err = k.time(want.In(c.zone).Format("2006-01-02 15:04:05.000-0700"), "+39")
		read("a row's time with its distance from UTC", got, err)
		if to := numbers[name]; to != "" {
			k.zone = RecipientZone
			got, err = k.time(text, to)
			read("a row's time in the person's zone", got, err)
		}
	}
}

// numbersByZone has a person for each zone to which a mobile number of some country leads.
func numbersByZone(t *testing.T) map[string]Destination {
	t.Helper()
	numbers := map[string]Destination{}
	for region := range phonenumbers.GetSupportedRegions() {
		example := phonenumbers.GetExampleNumberForType(region, phonenumbers.MOBILE)
		if example == nil {
			continue
		}
		to := Destination(phonenumbers.Format(example, phonenumbers.E164))
		name := zoneName(to)
		if _, err := loadZone(name); err != nil {
			t.Errorf("a number of %s leads to the zone %s: %v", region, name, err)
		}
		numbers[name] = to
	}
	return numbers
}

// windowsAround are ordinary windows, and those that begin, end or lie where the clocks change.
func windowsAround(c change) []Window {
	at := wall(c.at)
	began := wall(c.at.Add(-1)).Add(1) // what the clock would have shown next
	lo, hi := began, at
	if c.by < 0 {
		lo, hi = at, began
	}
	minute := func(t time.Time, by int) TimeOfDay {
		return TimeOfDay(((t.Hour()*60+t.Minute()+by)%1440 + 1440) % 1440)
	}
	list := []Window{{From: 9 * 60, To: 20 * 60}, {From: 22 * 60, To: 6 * 60}, {From: 0, To: endOfDay}}
	for _, w := range []Window{
		{From: minute(lo, 10), To: minute(hi, -10)}, {From: minute(lo, 10), To: minute(hi, 60)}, {From: minute(lo, -60), To: minute(hi, -10)},
		{From: minute(lo, -60), To: minute(hi, 60)}, {From: minute(hi, -10), To: minute(lo, 10)}, {From: minute(lo, 0), To: minute(hi, 0)},
	} {
		if w.From != w.To {
			list = append(list, w)
		}
	}
	return list
}

// holds says whether a clock that shows this stands within the window.
func (w Window) holds(t time.Time) bool {
	shown := wall(t)
	m := TimeOfDay(shown.Hour()*60 + shown.Minute())
	if w.From < w.To {
		return w.From <= m && m < w.To
	}
	return m >= w.From || m < w.To
}

// stride divides every distance from UTC and every window of these tests.
const stride = 5 * time.Minute

// TestWindowsAroundEveryChangeOfClocks holds windows to what clocks on the wall show: none
// is open while they show another time, and none is closed while they show its own, but
// within an hour that comes twice.
func TestWindowsAroundEveryChangeOfClocks(t *testing.T) {
	t.Parallel()
	for _, c := range everyChange(t) {
		for _, w := range windowsAround(c) {
			var opens, closes time.Time // of the next window, going back in time
			for at := c.at.Add(4 * time.Hour).In(c.zone); at.After(c.at.Add(-4 * time.Hour)); at = at.Add(-stride) {
				from, until := w.Next(at, c.zone)
				open, twice := from.Equal(at), c.by < 0 && !at.Before(c.at.Add(c.by)) && at.Before(c.at.Add(-c.by))
				switch {
				case open && !w.holds(at):
					t.Fatalf("%s: %+v is open at %s, when the clock shows %s", c, w, at.UTC(), wall(at).Format(time.DateTime))
				case !open && w.holds(at) && !twice:
					t.Fatalf("%s: %+v is closed until %s at %s, when the clock shows %s", c, w, from.UTC(), at.UTC(), wall(at).Format(time.DateTime))
				case !open && !opens.IsZero() && (!from.Equal(opens) || !until.Equal(closes)):
					t.Fatalf("%s: %+v at %s opens at %s, and a little later at %s", c, w, at.UTC(), from.UTC(), opens.UTC())
				case open && !until.After(at):
					t.Fatalf("%s: %+v at %s is open until %s", c, w, at.UTC(), until.UTC())
				}
				opens, closes = from, until
			}
		}
	}
}

// TestNobodyIsDueOutsideAWindow goes through the days around every change with a told
// clock: when a message may go, until when it may be claimed, held or expiring with its
// window, in the campaign's zone and in the person's, at once and spread.
func TestNobodyIsDueOutsideAWindow(t *testing.T) {
	t.Parallel()
	var zones Zones
	for name, to := range numbersByZone(t) {
		z := zone(t, name)
		for _, c := range changesOf(z) {
			for i, w := range windowsAround(c) {
				w.Zone, w.Expire, w.Zones = name, i%2 == 0, &zones
				if i%3 > 0 {
					w.Zone = RecipientZone
				}
				judgeTiming(t, c, &Campaign{Window: &w, Start: c.at.Add(-30 * time.Hour), Spread: 40 * time.Hour}, to)
			}
		}
	}
}

func judgeTiming(t *testing.T, c change, plan *Campaign, to Destination) {
	t.Helper()
	outside := func(what string, at time.Time) bool {
		if at = at.In(c.zone); !plan.Window.holds(at) {
			t.Errorf("%s: %+v: %s at %s, when the clock shows %s", c, *plan.Window, what, at.UTC(), wall(at).Format(time.DateTime))
			return true
		}
		return false
	}
	for hours := -5; hours < 5; hours += 3 {
		due := c.at.Add(time.Duration(hours) * time.Hour)
		now := due.Add(time.Duration(hours*20) * time.Minute)
		opens := plan.Opens(to, due, now)
		if opens.IsZero() {
			opens = now
		}
		spread := plan.StartOf(MessageID{9: byte(hours * 40), 10: byte(hours)}, to)
		end := plan.NotAfter(to, due, now)
		if outside("it may go", opens) || outside("its place in the spread is", spread) || opens.Before(due) || spread.Before(plan.Start) ||
			!now.After(end) && outside("it may be claimed", now) || end.After(now) && outside("it may be claimed last", end) {
			return
		}
		if plan.Window.Expire && opens.After(now) && end.After(now) {
			t.Errorf("%s: %+v: at %s it may be claimed, and opens at %s", c, *plan.Window, now.UTC(), opens.UTC())
		}
	}
}
