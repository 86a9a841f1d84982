package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/client"
)

func messageCommand(p *program) *cobra.Command {
	return group("message", "Send single messages, list and find messages, and read what became of one",
		sendCommand(p), storyCommand(p), listMessagesCommand(p), findCommand(p))
}

func sendCommand(p *program) *cobra.Command {
	cmd := asking(p, "send FILE.json", "Send single messages, each into its campaign; the same again changes nothing", oneArgument("FILE.json, or - for stdin"),
		func(ctx context.Context, c *client.Client, args []string) (client.Sent, error) {
			list, err := p.readMessages(args[0])
			if err != nil {
				return client.Sent{}, err
			}
			sent, err := c.SendBatch(ctx, list)
			if err == nil && sent.Rejected > 0 {
				err = &exitError{exitUnclean, fmt.Errorf("%d messages were rejected (exit code %d)", sent.Rejected, exitUnclean)}
			}
			return sent, err
		}, showSent)
	cmd.Long = "Send the messages of a file, one or up to 1,000, as POST /v1/messages takes them:\n\n" +
		`  {"campaign": "order-shipped", "destination": "+393401234567", "key": "order-17", "variables": {"nome": "Ada"}}` + "\n\n" +
		"or {\"messages\": [...]}. Exit code 3: some were rejected. Numbers are not taken as arguments, for those are seen\n" +
		"by everybody on the machine and kept in the shell's history."
	return cmd
}

func (p *program) readMessages(path string) ([]campaign.Message, error) {
	from, err := p.open(path, "messages")
	if err != nil {
		return nil, misuse(fmt.Errorf("read the messages: %w", err))
	}
	defer from.Close()
	text, err := io.ReadAll(io.LimitReader(from, campaign.MaxMessagesBody+1))
	if err != nil {
		return nil, misuse(fmt.Errorf("read the messages: %w", err))
	}
	return campaign.ParseMessages(text)
}

func showSent(w io.Writer, sent client.Sent) {
	for _, m := range sent.Messages {
		parts := []string{string(m.Result)}
		if m.ID != nil {
			parts = append(parts, m.ID.String())
		}
		if m.Key != "" {
			parts = append(parts, m.Key)
		}
		if m.Reason != "" {
			parts = append(parts, string(m.Reason)+": "+m.Text)
		}
		fmt.Fprintln(w, strings.Join(parts, "  "))
	}
}

func storyCommand(p *program) *cobra.Command {
	return asking(p, "show ID", "Tell a message's story; the id of one of its attempts will do", oneArgument("a message's ID"),
		func(ctx context.Context, c *client.Client, args []string) (client.Story, error) {
			return c.Message(ctx, args[0])
		}, showStory)
}

// showStory tells a message in plain sentences. One without a time belongs to the one
// before.
func showStory(w io.Writer, s client.Story) {
	fmt.Fprintf(w, "message %s of campaign %s to %s: %s", s.Message, s.Line.Campaign, s.Destination, s.Phase)
	if s.Phase == "delivered" {
		fmt.Fprintf(w, " on %s", s.Channel)
	}
	fmt.Fprintln(w)
	for _, said := range s.Sentences {
		at := strings.Repeat(" ", len(storyTime))
		if !said.At.IsZero() {
			at = said.At.UTC().Format(storyTime)
		}
		fmt.Fprintf(w, "  %s  %s\n", at, said.Text)
	}
}

// storyTime is how a story tells times, all in UTC.
const storyTime = time.DateOnly + " 15:04:05.000Z"
