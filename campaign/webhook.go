package campaign

// Webhook says who is told what becomes of a campaign's messages.
type Webhook struct {
	To     string // the receiver, by its name in the configuration: its address and secrets stand there
	Number bool   // the person's number is told; else only the message's own ids
}

func readWebhook(s *section, accounts Accounts) *Webhook {
	w := &Webhook{To: s.need("to", "the name of a receiver, as the configuration's webhooks have it"), Number: read(s, "number", false, parseBool)}
	if w.To != "" && accounts != nil {
		if err := accounts.CheckWebhook(w.To); err != nil {
			s.wrong("to", "%s", err)
		}
	}
	return w
}

type hookForm struct {
	To     string `json:"to"`
	Number bool   `json:"number,omitempty"`
}
