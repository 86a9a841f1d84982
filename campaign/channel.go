package campaign

import (
	"fmt"
	"log/slog"
	"strings"
)

// Channel is a way to reach a person.
type Channel uint8

// The channels, in the order in which a route usually uses them.
const (
	WhatsApp Channel = iota + 1
	RCS
	SMS
)

var channelNames = [...]string{WhatsApp: "whatsapp", RCS: "rcs", SMS: "sms"}

// Channels lists every channel.
func Channels() []Channel { return []Channel{WhatsApp, RCS, SMS} }

// ParseChannel reads a channel's name, without regard to case.
func ParseChannel(s string) (Channel, error) {
	for _, c := range Channels() {
		if strings.EqualFold(s, channelNames[c]) {
			return c, nil
		}
	}
	return 0, fmt.Errorf("unknown channel %q: use whatsapp, rcs or sms", s)
}

func (c Channel) String() string {
	if int(c) < len(channelNames) && c > 0 {
		return channelNames[c]
	}
	return fmt.Sprintf("channel(%d)", uint8(c))
}

// MarshalText gives the channel's name.
func (c Channel) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads a channel's name.
func (c *Channel) UnmarshalText(b []byte) error {
	parsed, err := ParseChannel(string(b))
	if err != nil {
		return err
	}
	*c = parsed
	return nil
}

// Lane is the place where limits hold: one account's one channel.
// Its String, "qlara.whatsapp", is also the name of its queue.
type Lane struct {
	Account string
	Channel Channel
}

func (l Lane) String() string { return l.Account + "." + l.Channel.String() }

// LogValue names the lane in logs.
func (l Lane) LogValue() slog.Value { return slog.StringValue(l.String()) }

// ParseLane reads "account.channel".
func ParseLane(s string) (Lane, error) {
	account, channel, found := strings.Cut(s, ".")
	if !found || account == "" {
		return Lane{}, fmt.Errorf("lane %q: want account.channel, as in main.whatsapp", s)
	}
	c, err := ParseChannel(channel)
	if err != nil {
		return Lane{}, fmt.Errorf("lane %q: %w", s, err)
	}
	return Lane{Account: account, Channel: c}, nil
}
