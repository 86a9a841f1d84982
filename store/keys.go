package store

import (
	"encoding/hex"
	"strconv"

	"github.com/seed-438792ba/cascade/campaign"
)

// shard is the part of a campaign whose keys share one slot of a Redis Cluster.
type shard struct {
	number campaign.Number
	index  int
}

// tag is the shard's hash tag without braces, and its name in the index.
func (s shard) tag() string { return s.number.String() + "." + strconv.Itoa(s.index) }

func (s shard) key(what string) string { return "cascade:{" + s.tag() + "}:" + what }

func (s shard) messages() string    { return s.key("messages") }                  // hash: id to record
func (s shard) clock() string       { return s.key("clock") }                     // sorted set: id by alarm, ms
func (s shard) counts() string      { return s.key("counts") }                    // hash: count to number
func (s shard) control() string     { return s.key("control") }                   // hash: state, generation, sealed
func (s shard) outbox() string      { return s.key("outbox") }                    // sorted set: news by when it is due, ms
func (s shard) told() string        { return s.key("told") }                      // hash: what became of news to number
func (s shard) line(leg int) string { return s.key("line:" + strconv.Itoa(leg)) } // sorted set: id by due time, ms

// The index holds each shard's earliest due times: of its clock, and of each line by
// the lane that the line's leg is on; and those of outboxes.
const (
	indexClock  = "cascade:{index}:clock"
	indexOutbox = "cascade:{index}:outbox"
)

func indexLine(l campaign.Lane) string { return "cascade:{index}:line:" + l.String() }

// What belongs to no campaign alone.
const (
	keyCampaigns  = "cascade:{register}:campaigns"  // hash: number to definition
	keyForgotten  = "cascade:{register}:forgotten"  // hash: the same of campaigns whose retention is over
	keyPatches    = "cascade:{register}:patches"    // hash: number and key of the file to what was changed since
	keyIDKey      = "cascade:{register}:id_key"     // the deployment's key, or a proof of the configured one
	keySuppressed = "cascade:{suppressed}"          // set of keyed hashes
	keyCancelling = "cascade:{register}:cancelling" // set of numbers whose messages are being closed
	keyJournal    = "cascade:{register}:journal"    // stream: who did what, and why
	keyLease      = "cascade:{scheduler}:lease"     // which scheduler acts
	keyRaw        = "cascade:{receipts}:raw"        // list: callbacks that could not be read
	keyOrphans    = "cascade:{receipts}:orphans"    // hash: account to receipts that nothing claimed
	keyReceiver   = "cascade:{receipts}:receiver"   // hash: beat, when some process last said that it takes callbacks, ms
	keyGaps       = "cascade:{receipts}:gaps"       // list: when none did, "from until" in ms
	keyInboxes    = "cascade:{inbound}:receivers"   // set: for whom people wrote something
	keyResumed    = "cascade:{lanes}:resumed"       // hash: lane or account to when a person let it go on, ms
	keyDrafts     = "cascade:{register}:drafts"     // sorted set: draft by when it was changed, ms
	keyProcesses  = "cascade:{processes}:seen"      // sorted set: process by when it was seen last, ms
)

func keyProcess(name string) string { return "cascade:{processes}:of:" + name } // what it says of itself; expires

func keyState(n campaign.Number) string     { return "cascade:{register}:state:" + n.String() }     // hash: state, generation, …
func keyImporting(n campaign.Number) string { return "cascade:{register}:importing:" + n.String() } // sorted set: import by the end of its lease, ms
func keyImports(n campaign.Number) string   { return "cascade:{register}:imports:" + n.String() }   // hash: file digest to report

// What is kept of a campaign that is being prepared expires together.
func keyDraft(id string) string           { return "cascade:{draft:" + id + "}" }              // hash: draft, file, check, revision
func keyDraftFile(id, file string) string { return "cascade:{draft:" + id + "}:file:" + file } // list: parts of the upload, deflated

func keyRejects(n campaign.Number) string { return "cascade:{register}:rejects:" + n.String() } // hash: digest of a row to its reject

func keyRepeat(call string) string { return "cascade:{repeat:" + call + "}" } // hash: of a call with a key

func keySession(token string) string { return "cascade:{session:" + token + "}" } // of the dashboard; see Sessions

// keyPerson leads from a person to the messages of campaigns that allow several.
func keyPerson(person [16]byte) string { // sorted set of ids, for it is the smallest
	return "cascade:{person:" + hex.EncodeToString(person[:]) + "}:messages"
}

// keyFrequency is what a person got of campaigns that say how often they may.
func keyFrequency(person [16]byte) string { // sorted set: first attempt of a message by when it was let go, ms
	return "cascade:{frequency:" + hex.EncodeToString(person[:]) + "}"
}

// A provider's own id leads to our attempt; what came before it was known is parked.
func keyProviderID(account, digest string) string {
	return "cascade:{id:" + account + ":" + digest + "}:attempt"
}
func keyParked(account, digest string) string {
	return "cascade:{id:" + account + ":" + digest + "}:parked"
}

// What people wrote, for one receiver.
func keyInbound(receiver, what string) string { return "cascade:{inbound:" + receiver + "}:" + what }

// keyOutside is how a receiver outside stands.
func keyOutside(name string) string { return "cascade:{webhooks}:" + name } // hash: failing, held, gone, error

// keyWindow is there while a person may be sent a free-form answer. It is a keyed hash.
func keyWindow(account string, conversation [16]byte) string {
	return "cascade:{window:" + account + ":" + hex.EncodeToString(conversation[:]) + "}"
}

// keyCapability tells whether somebody can be reached on a lane. It is a keyed hash.
func keyCapability(l campaign.Lane, person [16]byte) string {
	return "cascade:{capability:" + l.String() + ":" + hex.EncodeToString(person[:]) + "}"
}

// What is known of a lane's receipts, and when its waits stood still.
func keyHearing(l campaign.Lane) string { return "cascade:{receipts}:lane:" + l.String() }   // hash: see hear.lua
func keyStills(l campaign.Lane) string  { return "cascade:{receipts}:stills:" + l.String() } // list: "from until back" in ms
