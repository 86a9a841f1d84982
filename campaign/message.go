package campaign

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Message is one message that another service asks for.
type Message struct {
	Campaign      string    `json:"campaign"`
	Destination   string    `json:"destination"`             // as +393401234567, or as the campaign's region writes it
	Key           string    `json:"key,omitempty"`           // of a standing campaign: what tells it from others to the same person
	ScheduledDate string    `json:"scheduledDate,omitempty"` // as in a file; absent: the campaign's start
	Variables     Variables `json:"variables,omitempty"`     // values of the placeholders, by name
}

// MessagesBody is what is posted, and what a task on the queue `cascade.intake` carries.
// A single Message may stand in its place.
type MessagesBody struct {
	Messages []Message `json:"messages"`
}

// MaxMessages and MaxMessagesBody bound one call: how many messages, and how many bytes.
const (
	MaxMessages     = 1000
	MaxMessagesBody = 1 << 20
)

// MessageResult says what became of one message. The same message again is already
// there; it is the same if all that it says is the same.
type MessageResult struct {
	Campaign string     `json:"campaign"`
	Key      string     `json:"key,omitempty"`
	ID       *MessageID `json:"message,omitempty"` // absent where there is none
	Result   Result     `json:"result"`
	Reason   Reason     `json:"reason,omitempty"` // rejected: for machines
	Column   string     `json:"column,omitempty"` // rejected: the name at fault
	Text     string     `json:"text,omitempty"`   // rejected: for people, without the number
}

// Result is what became of a message.
type Result string

// The results.
const (
	Accepted     Result = "accepted"
	AlreadyThere Result = "already_there"
	Rejected     Result = "rejected"
)

// The names of a message that are not columns.
const (
	campaignName  = "campaign"
	variablesName = "variables"
	messagesName  = "messages"
)

// ParseMessages reads the JSON of one message, or of up to a thousand as
// {"messages": […]}. The error is a *FileError with every mistake in the form; whether
// the numbers and values are good is each message's own matter.
func ParseMessages(data []byte) ([]Message, error) {
	const name = "messages"
	if len(data) > MaxMessagesBody {
		return nil, refuse(name, Problem{Text: fmt.Sprintf("%d bytes: want at most %d in one call", len(data), MaxMessagesBody)})
	}
	if bad := invalidJSON(data); bad != nil {
		return nil, refuse(name, *bad)
	}
	root, err := parseJSON(data)
	if err != nil {
		return nil, refuse(name, Problem{Text: err.Error()})
	}
	found := &notes{places: map[string]node{}}
	var list []Message
	found.section("", root, func(s *section) {
		if s.has(messagesName) {
			s.each(messagesName, func(s *section) { list = append(list, readMessage(s)) })
			if n := len(list); n < 1 || n > MaxMessages {
				s.wrong(messagesName, "%d messages: want 1 to %d", n, MaxMessages)
			}
			return
		}
		list = append(list, readMessage(s))
	})
	if len(found.problems) > 0 {
		for i := range found.problems {
			found.problems[i].Path = discreet(found.problems[i].Path)
		}
		return nil, refuse(name, found.problems...)
	}
	return list, nil
}

// discreet masks a number that stands where a name should.
func discreet(path string) string {
	names := strings.Split(path, ".")
	for i, name := range names {
		if isNumber(name) {
			names[i] = Destination(name).Masked()
		}
	}
	return strings.Join(names, ".")
}

func readMessage(s *section) Message {
	m := Message{
		Campaign:      s.need(campaignName, "the id of a campaign"),
		Destination:   s.text(destinationName),
		Key:           s.text(keyName),
		ScheduledDate: s.text(scheduledName),
	}
	s.below(variablesName, func(s *section) {
		m.Variables = make(Variables, len(s.node.fields))
		for _, f := range s.node.fields {
			m.Variables[f.key] = s.text(f.key)
		}
	})
	return m
}

// invalidJSON says where a text stops being JSON; nil if it is some.
func invalidJSON(data []byte) *Problem {
	var whole json.RawMessage
	err := json.Unmarshal(data, &whole)
	if err == nil {
		return nil
	}
	p := &Problem{Text: "this is no JSON: " + err.Error()}
	if at := (*json.SyntaxError)(nil); errors.As(err, &at) {
		before := data[:min(int(at.Offset), len(data))]
		p.Line = 1 + bytes.Count(before, []byte{'\n'})
		p.Column = len(before) - bytes.LastIndexByte(before, '\n') - 1
	}
	return p
}

// Judge makes recipients of messages to one campaign. It is for one goroutine.
type Judge struct {
	shape *shape
	keyed bool
}

// NewJudge makes the judge of a campaign's messages. Those that were due more than five
// minutes before now are late; zero: none is.
func NewJudge(c Campaign, now time.Time) *Judge {
	ours := make(map[string]string, len(c.Recipients.Names))
	for name := range c.Recipients.Names {
		ours[name] = name // there is no file, so every column has the campaign's own name
	}
	c.Recipients.Names = ours
	return &Judge{newShape(c, now), c.Keyed()}
}

// Recipient makes a recipient of a message, or says why not. One with IfNew stands only
// if its message is there already. Its Row has no line, but a digest of what it says.
func (j *Judge) Recipient(m Message) (Recipient, *Reject) {
	if m.Key != "" && !j.keyed {
		return Recipient{}, &Reject{Column: keyName, Reason: UnexpectedKey,
			Text: "the campaign sends one message to each person: leave the key out, or send to a standing campaign"}
	}
	cells := make([]cell, 0, 3+len(m.Variables))
	for _, c := range []cell{{destinationName, m.Destination, true}, {scheduledName, m.ScheduledDate, true}, {keyName, m.Key, true}} {
		if c.value != "" {
			cells = append(cells, c)
		}
	}
	for name, value := range m.Variables {
		cells = append(cells, cell{name, value, true})
	}
	found := j.shape.judge(0, cells)
	return found.recipient, found.reject
}
