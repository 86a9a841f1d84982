package ratelimit

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// The scripts. Each begins with what they share; each takes the time from Redis and
// gives it back first.
var (
	//go:embed lua/pace.lua
	shared string
	//go:embed lua/book.lua
	bookLua string
	//go:embed lua/hold.lua
	holdLua string
	//go:embed lua/pause.lua
	pauseLua string
	//go:embed lua/release.lua
	releaseLua string
	//go:embed lua/report.lua
	reportLua string
	//go:embed lua/status.lua
	statusLua string

	bookScript    = redis.NewScript(shared + bookLua)
	holdScript    = redis.NewScript(shared + holdLua)
	pauseScript   = redis.NewScript(shared + pauseLua)
	releaseScript = redis.NewScript(shared + releaseLua)
	reportScript  = redis.NewScript(shared + reportLua)
	statusScript  = redis.NewScript(shared + statusLua)
)

// call runs a script and reads its answer.
func (l *Limiter) call(ctx context.Context, s *redis.Script, keys []string, args ...any) (fields, error) {
	answer, err := s.Run(ctx, l.client, keys, args...).Slice()
	if err != nil {
		return nil, err
	}
	if len(answer) == 0 {
		return nil, fmt.Errorf("the script's answer is empty")
	}
	return answer, nil
}

// fields is a script's answer, or a list in it. What is missing reads as zero.
type fields []any

func (f fields) at(i int) any {
	if i >= len(f) {
		return nil
	}
	return f[i]
}

func (f fields) number(i int) int64 { n, _ := f.at(i).(int64); return n }
func (f fields) text(i int) string  { s, _ := f.at(i).(string); return s }
func (f fields) list(i int) fields  { l, _ := f.at(i).([]any); return l }

func (f fields) span(i int) time.Duration { return time.Duration(f.number(i)) * time.Microsecond }

// time is a time of Redis' clock; 0 is no time.
func (f fields) time(i int) time.Time {
	if n := f.number(i); n != 0 {
		return time.UnixMicro(n)
	}
	return time.Time{}
}
