package store

import (
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
)

// What is kept of a campaign's rejected rows: so many of them, so much of each, and for
// as long as the campaign's retention after the last upload.
const (
	mostRejects = 10_000
	rejectBytes = 4 << 10
)

// rejects keeps those of one upload. The same row of the same file, uploaded again, is
// the same reject.
type rejects struct {
	store    *Store
	campaign *Campaign
	fresh    []campaign.Reject
	counted  bool
	kept     int64
}

func (s *Store) newRejects(c *Campaign) *rejects { return &rejects{store: s, campaign: c} }

// keptReject is a reject in the hash, headerField the field of the header that it is of.
type keptReject struct {
	Header string          `json:"header"`
	Line   int             `json:"line,omitempty"`
	Column string          `json:"column,omitempty"`
	Reason campaign.Reason `json:"reason"`
	Text   string          `json:"text"`
	Fields []string        `json:"fields,omitempty"`
}

const headerField = "header:"

func (r *rejects) add(j campaign.Reject) {
	if r.kept+int64(len(r.fresh)) < mostRejects {
		r.fresh = append(r.fresh, j)
	}
}

// keep writes what was added since.
func (r *rejects) keep(ctx context.Context, header func() []string) error {
	if len(r.fresh) == 0 {
		return nil
	}
	c, key := r.store.client, keyRejects(r.campaign.Number)
	if !r.counted {
		n, err := c.HLen(ctx, key).Result()
		if err != nil {
			return fmt.Errorf("keep rejected rows: %w", err)
		}
		r.counted, r.kept = true, n
	}
	columns, err := json.Marshal(header())
	if err != nil {
		return fmt.Errorf("keep rejected rows: %w", err)
	}
	of := digestOf(string(columns))
	values := []any{headerField + of, columns}
	for _, j := range r.fresh[:min(int64(len(r.fresh)), max(mostRejects-r.kept, 0))] {
		text, err := json.Marshal(keptReject{of, j.Line, j.Column, j.Reason, j.Text, clipped(j.Fields)})
		if err != nil {
			return fmt.Errorf("keep rejected rows: %w", err)
		}
		values = append(values, digestOf(append(slices.Clone(j.Fields), strconv.Itoa(j.Line))...), text)
	}
	_, err = c.Pipelined(ctx, func(p redis.Pipeliner) error {
		p.HSet(ctx, key, values...)
		p.PExpire(ctx, key, r.campaign.Retention)
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep rejected rows: %w", err)
	}
	r.kept, r.fresh = r.kept+int64(len(r.fresh)), r.fresh[:0]
	return nil
}

// clipped bounds what a row's fields take.
func clipped(fields []string) []string {
	left := rejectBytes
	short := make([]string, 0, len(fields))
	for _, f := range fields {
		if len(f) > left {
			f = strings.ToValidUTF8(f[:left], "")
		}
		left -= len(f)
		short = append(short, f)
	}
	return short
}

func digestOf(parts ...string) string {
	h := fnv.New64a()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0xff})
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Rejects gives the rejected rows of a campaign, file by file and line by line.
func (s *Store) Rejects(ctx context.Context, n campaign.Number) (campaign.Rejects, error) {
	all, err := s.client.HGetAll(ctx, keyRejects(n)).Result()
	if err != nil {
		return campaign.Rejects{}, fmt.Errorf("read the rejected rows of campaign %s: %w", n, err)
	}
	found := campaign.Rejects{}
	columns := map[string][]int{} // of each header: the columns of all
	var kept []keptReject
	for _, field := range slices.Sorted(maps.Keys(all)) {
		if of, is := strings.CutPrefix(field, headerField); is {
			var header []string
			err = json.Unmarshal([]byte(all[field]), &header)
			found.Header, columns[of] = join(found.Header, header)
		} else {
			kept = append(kept, keptReject{})
			err = json.Unmarshal([]byte(all[field]), &kept[len(kept)-1])
		}
		if err != nil {
			return campaign.Rejects{}, fmt.Errorf("read the rejected rows of campaign %s: %w", n, err)
		}
	}
	found.Cut = len(kept) >= mostRejects
	slices.SortFunc(kept, func(a, b keptReject) int { return cmp.Or(cmp.Compare(a.Header, b.Header), cmp.Compare(a.Line, b.Line)) })
	for _, k := range kept {
		found.Rows = append(found.Rows, campaign.Reject{
			Line: k.Line, Column: k.Column, Reason: k.Reason, Text: k.Text, Fields: lay(k.Fields, columns[k.Header], len(found.Header)),
		})
	}
	return found, nil
}

// join adds a file's columns to those of the others, and says where each one is.
func join(all, header []string) (joined []string, at []int) {
	at = make([]int, len(header))
	for i, name := range header {
		if at[i] = slices.Index(all, name); at[i] < 0 || name == "" {
			at[i] = len(all)
			all = append(all, name)
		}
	}
	return all, at
}

// lay puts a row's fields into the columns of all files; what has no column stays last.
func lay(fields []string, at []int, width int) []string {
	row := make([]string, width)
	for i, f := range fields {
		if i < len(at) {
			row[at[i]] = f
		} else {
			row = append(row, f)
		}
	}
	return row
}
