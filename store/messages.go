package store

import (
	"context"
	"errors"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// Add takes single messages into their campaigns, and says of each what became of it. It
// can be repeated: a message that is there already is told so. A thousand messages are a
// few round trips. ErrRedisFull: none was taken.
func (s *Store) Add(ctx context.Context, messages []campaign.Message) ([]campaign.MessageResult, error) {
	if err := s.room(ctx); err != nil {
		return nil, err
	}
	b := &batch{store: s, messages: messages, results: make([]campaign.MessageResult, len(messages)), judges: map[string]*judging{}}
	if err := b.look(ctx); err != nil {
		return nil, err
	}
	for i := range messages {
		b.judge(i)
	}
	answers, err := s.put(ctx, b.list)
	if err != nil {
		return nil, err
	}
	for k, i := range b.at {
		b.tell(i, &b.list[k], answers[k])
	}
	return b.results, b.ready(ctx)
}

// batch is messages at work.
type batch struct {
	store    *Store
	messages []campaign.Message
	results  []campaign.MessageResult
	judges   map[string]*judging // by campaign's id
	list     []incoming          // those that are good
	at       []int               // where each of them stands
}

// judging is a campaign that some of the messages are for; nil: there is none.
type judging struct {
	campaign *Campaign
	judge    *campaign.Judge
	state    State
	took     bool
}

// look finds the campaigns and their states.
func (b *batch) look(ctx context.Context) error {
	var numbers []campaign.Number
	for i := range b.messages {
		id := b.messages[i].Campaign
		if _, known := b.judges[id]; known {
			continue
		}
		c, err := b.store.Find(ctx, id)
		switch {
		case errors.Is(err, fallback.ErrNoCampaign):
			b.judges[id] = nil
			continue
		case err != nil:
			return err
		}
		b.judges[id] = &judging{campaign: c, judge: campaign.NewJudge(c.Campaign, b.store.now())}
		numbers = append(numbers, c.Number)
	}
	states, err := b.store.States(ctx, numbers)
	if err != nil {
		return err
	}
	for id, j := range b.judges {
		if j == nil {
			continue
		}
		if j.state = states[j.campaign.Number]; j.state == "" { // its retention is over
			b.judges[id] = nil
		}
	}
	return nil
}

func (b *batch) judge(i int) {
	m := b.messages[i]
	b.results[i] = campaign.MessageResult{Campaign: m.Campaign, Key: m.Key}
	j := b.judges[m.Campaign]
	if j == nil {
		b.reject(i, &campaign.Reject{Column: "campaign", Reason: campaign.NoSuchCampaign, Text: "there is no campaign of this id: create it first"})
		return
	}
	to, reject := j.judge.Recipient(m)
	if reject != nil {
		b.reject(i, reject)
		return
	}
	b.list, b.at = append(b.list, newIncoming(j.campaign, to, to.IfNew)), append(b.at, i)
}

func (b *batch) reject(i int, why *campaign.Reject) {
	r := &b.results[i]
	r.Result, r.Reason, r.Column, r.Text = campaign.Rejected, why.Reason, why.Column, why.Text
}

// tell says what the ledger made of a message.
func (b *batch) tell(i int, m *incoming, answer int64) {
	r := &b.results[i]
	switch {
	case answer == accepted:
		r.Result = campaign.Accepted
		b.judges[b.messages[i].Campaign].took = true
	case answer == alreadyThere:
		r.Result = campaign.AlreadyThere
	case answer == mayNotBeNew:
		b.reject(i, m.reject)
	case answer == sealed:
		b.reject(i, rejected(m.recipient, campaign.CampaignSealed, sealedText))
	case answer == wasCancelled:
		b.reject(i, rejected(m.recipient, campaign.CancelledCampaign, "the campaign is cancelled and takes nobody"))
	case m.campaign.Keyed():
		b.reject(i, rejected(m.recipient, campaign.DuplicateRecipient, "another message to this person with this key is there already, and says something else: give this one a key of its own"))
	default:
		b.reject(i, rejected(m.recipient, campaign.DuplicateRecipient, "the campaign sends one message to each person, and this person's is there already and says something else"))
	}
	if r.Result == campaign.Rejected && r.Reason != campaign.DuplicateRecipient {
		return
	}
	id := m.id
	r.ID = &id
}

// ready lets campaigns that had nobody yet be started. A standing one needs nobody.
func (b *batch) ready(ctx context.Context) error {
	for _, j := range b.judges {
		if j == nil || !j.took || j.state != Draft || j.campaign.Standing {
			continue
		}
		var wrong *WrongStateError
		_, err := b.store.change(ctx, j.campaign.ID, step{to: Ready, from: []State{Draft, Ready}, by: "messages"})
		if err != nil && !errors.As(err, &wrong) { // else it was started or cancelled meanwhile
			return err
		}
	}
	return nil
}

// room says whether Redis has any left for new messages; else it is ErrRedisFull.
func (s *Store) room(ctx context.Context) error {
	const old = time.Second // so that many small calls do not ask for each
	if at := s.roomy.Load(); at != 0 && s.now().UnixMilli()-at < old.Milliseconds() {
		return nil
	}
	memory, err := MemoryUse(ctx, s.client)
	switch {
	case err != nil:
		return err
	case memory.Share() >= fullFrom:
		return ErrRedisFull
	}
	s.roomy.Store(s.now().UnixMilli())
	return nil
}
