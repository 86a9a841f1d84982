-- Notes what a process has sent and heard of late, and that it takes callbacks.
-- KEYS  receiver, gaps, then for each lane: what is known of it, its stills
-- ARGV  1 if it takes callbacks, the shortest gap, how many sends without a receipt, for
--       how long, for how long after the first receipt its waits stand still, and for how
--       long at most (all times in ms), then for each lane: how many sends were accepted,
--       ms since the first and since the last of them, ms since the last receipt (-1: none)
-- Known of a lane: heard, the last receipt; oldest, the first send accepted since; sends,
-- how many; ripe, when they became enough to wonder; onward, when a person let it go on
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local function int(x) return string.format('%.0f', x) end
local gap, enough, quiet = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local catchup, longest = tonumber(ARGV[5]), tonumber(ARGV[6])
local KEPT = 16

if ARGV[1] == '1' then
  local beat = tonumber(redis.call('HGET', KEYS[1], 'beat') or now)
  if now - beat >= gap then
    redis.call('RPUSH', KEYS[2], int(beat) .. ' ' .. int(now))
    redis.call('LTRIM', KEYS[2], -KEPT, -1)
  end
  redis.call('HSET', KEYS[1], 'beat', int(now))
end

for i = 3, #KEYS, 2 do
  local key, stills, at = KEYS[i], KEYS[i + 1], 7 + 2 * (i - 3)
  local accepted, first, last = tonumber(ARGV[at]), now - ARGV[at + 1], now - ARGV[at + 2]
  local known = redis.call('HMGET', key, 'heard', 'oldest', 'sends', 'ripe', 'onward')
  local heard, oldest, sends = tonumber(known[1] or 0), tonumber(known[2]), tonumber(known[3] or 0)
  local ripe, onward = tonumber(known[4]), tonumber(known[5] or 0)
  if ARGV[at + 3] ~= '-1' then
    local back = now - ARGV[at + 3]
    if ripe and back >= ripe + quiet then
      local till = math.min(back + catchup, oldest + longest)
      if onward > oldest then till = math.min(till, onward) end
      redis.call('RPUSH', stills, int(oldest) .. ' ' .. int(till) .. ' ' .. int(back))
      redis.call('LTRIM', stills, -KEPT, -1)
    end
    heard, oldest, sends, ripe = math.max(heard, back), nil, 0, nil
    redis.call('HSET', key, 'heard', int(heard))
    redis.call('HDEL', key, 'oldest', 'sends', 'ripe')
  end
  -- Who was accepted within a second of a receipt counts as heard: no two processes agree
  -- more exactly about what came first.
  if accepted > 0 and last > heard + 1000 then
    sends = sends + accepted
    redis.call('HSET', key, 'oldest', int(oldest or math.max(first, heard)), 'sends', sends)
    if not ripe and sends >= enough then redis.call('HSET', key, 'ripe', int(last)) end
  end
end
return now
