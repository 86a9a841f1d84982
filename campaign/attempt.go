package campaign

// Attempt is one try on one leg, ready to be sent: its texts are filled.
type Attempt struct {
	ID         AttemptID // what the provider gets as its messageId, reference or ref
	CampaignID string
	To         Destination
	Channel    Channel
	Content    Content   // with placeholders filled, but a template's own
	Variables  Variables // for templates with named placeholders; only those the template wants
}
