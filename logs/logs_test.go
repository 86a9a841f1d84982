package logs

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/slogtest"
	"time"
)

func TestNumbersAreMaskedInEveryForm(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"+393401234567":                           "+39********67",
		"to 3401234567, that is":                  "to 34******67, that is",
		"+39 340 123 4567":                        "+39 *** *** **67",
		"+39-340-123-4567":                        "+39-***-***-**67",
		"+39.340.123.456":                         "+39.***.***.*56",
		"+39.140.123.156":                         "+39.***.***.*56",
		"06.12.34.56.78":                          "06.**.**.**.78",
		"61.12.34.56.78":                          "61.**.**.**.78",
		"340.123.456.78":                          "34*.***.***.78",
		"(+39) 340.123.4567":                      "(+39) ***.***.**67",
		"+39 (0) 340 / 123 45 67":                 "+39 (*) *** / *** ** 67",
		"0039 340 1234567":                        "00** *** *****67",
		"+39\u00a0340\u202f123\u20094567":         "+39\u00a0***\u202f***\u2009**67",
		"+39‑340–1234567":                         "+39‑***–*****67",
		"to=%2B393401234567&x=1":                  "to=%2B39********67&x=1",
		`{"destination":"393401234567"}`:          `{"destination":"39********67"}`,
		"tel:+393401234567":                       "tel:+39********67",
		"wa_393401234567":                         "wa_39********67",
		"٣٤٠١٢٣٤٥٦٧":                              "٣٤******٦٧",
		"3401234567 3401234568":                   "34******** ********68",
		"2026-11-20 14:23:21 3401234567":          "2026-11-20 14:23:21 34******67",
		"+3934012":                                "+39***12",
		"+39340123456789 is not in the plan":      "+39**********89 is not in the plan",
		"user 3401234567@example.com":             "user 34******67@example.com",
		"/v1/messages?destination=+393401234567":  "/v1/messages?destination=+39********67",
		"row 5: \"(0340) 123-4567\" is not valid": "row 5: \"(03**) ***-**67\" is not valid",
	} {
		if got := Text(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		if again := Text(want); again != want {
			t.Errorf("%q: masked once more it is %q", want, again)
		}
	}
}

func TestWhatIsNoNumberStaysReadable(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"03d473df-0d00-8048-94b4-27f6f29528e6",
		"12345678-1234-8048-9444-123456789012",                 // an id of nothing but digits
		"job 03d473df0d00804894b427f6f29528e6009876543210abcd", // without dashes, and with its ticket
		"job 03d473df0d00804894b427f6f29528e6009876543210abcdq12",
		"campaign 00393d47df", "1732112345678901", // a number, a ticket
		"2026-11-20T15:38:27.410883477Z", "2026-11-20 14:23:21.423+01:00", "elapsed 2m03.123456789s", "retry in 1.234567891s",
		"192.168.100.200:6379", "255.255.255.255", "to 192.168.100.200.", "dial tcp 127.0.0.1:54321: connect: connection refused",
		"used 1073741824 bytes of 2147483648 bytes", "http 503", "line 255, column 17", "25000000",
		"qlara.whatsapp", "host-12345-ABCDEF", "ip-172-31-45-67-4242-ABCDEF", "v0.0.0-20261120",
	} {
		if got := Text(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func TestSecretsAreMasked(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"redis://user:hunter2@redis:6379/0":                     "redis://***@redis:6379/0",
		`Post "https://a/callbacks/qlara/0123456789abcdef0123"`: `Post "https://a/callbacks/qlara/***"`,
		"Authorization: App 1f2e3d4c5b6a":                       "Authorization: App ***",
		"authorization=Bearer abcdefghijkl":                     "authorization=Bearer ***",
		`"api_key":"sk-live-123"`:                               `"api_key":"***"`,
		"https://x/send?api-key=abc123&to=1":                    "https://x/send?api-key=***&to=1",
		"X-Api-Key: abcdef":                                     "X-Api-Key: ***",
		"password=hunter2, then":                                "password=***, then",
		"Basic dXNlcjpwYXNz":                                    "Basic ***",
	} {
		if got := Text(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		if again := Text(want); again != want {
			t.Errorf("%q: masked once more it is %q", want, again)
		}
	}
}

// inner is a value that shows what it holds.
type inner struct{ To string }

func TestTheHandlerMasksWhereverItStands(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	log := slog.New(Mask(slog.NewJSONHandler(&b, nil))).With("from", "+393401234567").WithGroup("g")
	log.Info("sent to +393401234567", "error", fmt.Errorf("refused: %w", errors.New("3401234567 is no mobile")),
		"value", inner{"+393401234567"}, "list", []string{"+393401234567"}, slog.Group("deep", "to", "+393401234567"),
		"api_key", "short", "n", 393401234567, "took", 3*time.Second, "lanes", []string{"qlara.sms"})
	line := b.String()
	if strings.Contains(line, "3401234") && !strings.Contains(line, `"n":393401234567`) || strings.Count(line, "340123") != 1 || strings.Contains(line, "short") {
		t.Errorf("a number or a secret is told: %s", line)
	}
	if !strings.Contains(line, `"took":3000000000`) || !strings.Contains(line, `"lanes":["qlara.sms"]`) {
		t.Errorf("what hides nothing lost its form: %s", line)
	}
}

// Around a handler of slog's both still are what slog asks of one.
func TestHandlersAreSlogs(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	slogtest.Run(t, func(*testing.T) slog.Handler {
		b.Reset()
		return Calm(Mask(slog.NewJSONHandler(&b, nil)))
	}, func(t *testing.T) map[string]any {
		var line map[string]any
		if err := json.Unmarshal(b.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		return line
	})
}

func TestAFloodIsCutAndCounted(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	plain := slog.NewTextHandler(&b, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}})
	log, now := Calm(plain), time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	tell := func(at time.Time, level slog.Level, message string, args ...any) {
		r := slog.NewRecord(at, level, message, 0)
		r.Add(args...)
		if err := log.Handle(t.Context(), r); err != nil {
			t.Error(err)
		}
	}
	for range 100 {
		tell(now, slog.LevelWarn, "trying again", "doing", "one thing")
	}
	for range 100 {
		tell(now, slog.LevelError, "set aside")
	}
	tell(now, slog.LevelWarn, "held", "lane", "a.sms")
	tell(now, slog.LevelWarn, "held", "lane", "b.sms")
	tell(now.Add(calmSpan), slog.LevelWarn, "trying again", "doing", "another thing")
	got := strings.Split(strings.TrimSpace(b.String()), "\n")
	count := func(what string) (n int) {
		for _, line := range got {
			if strings.Contains(line, what) {
				n++
			}
		}
		return n
	}
	if count("one thing") != calmLines || count("set aside") != 100 || count("held") != 2 {
		t.Errorf("told %d, %d and %d, want %d, 100 and 2", count("one thing"), count("set aside"), count("held"), calmLines)
	}
	if !slices.ContainsFunc(got, func(l string) bool { return strings.Contains(l, "another thing") && strings.Contains(l, "untold=80") }) {
		t.Errorf("nobody says that 80 lines were not told: %s", got[len(got)-1])
	}
}
