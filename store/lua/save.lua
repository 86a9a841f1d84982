-- Moves records of one shard. Checks everything, then writes.
-- KEYS  messages, clock, counts, control, then a line for each leg, then, where the
--       index lies on the same server, the index of the clock and of each leg's lane
-- ARGV  legs, name of the shard in the index ("" when the index is elsewhere), then per
--       move: id, stamp expected, record, from, to, time, claim, counts, count, add, …
--       from, to: "" nowhere, "C" clock, a number: that line, "K" (to only) stays
--       time: of a line in ms ("" is now), of the clock in ms from now
--       claim: "" is none, else the last ms at which it may be had (0 is any)
-- Gives {now, answer per move, …}: 0 saved, 1 stale, 2 not running, 3 cancelled,
--       4 too late; then the earliest time armed on the clock and in each line (-1: none)
local legs, name = tonumber(ARGV[1]), ARGV[2]
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)

local moves, ids, at = {}, {}, 3
while at <= #ARGV do
  local m = {id = ARGV[at], expected = ARGV[at + 1], record = ARGV[at + 2], from = ARGV[at + 3],
    to = ARGV[at + 4], time = ARGV[at + 5], claim = ARGV[at + 6], counts = at + 8, n = tonumber(ARGV[at + 7])}
  moves[#moves + 1] = m
  ids[#ids + 1] = m.id
  at = at + 8 + 2 * m.n
end

local control
local function claimable(m)
  if m.claim == '' then return 0 end
  control = control or redis.call('HGET', KEYS[4], 'state')
  if control == 'cancelled' then return 3 end
  if control ~= 'running' then return 2 end
  local last = tonumber(m.claim)
  if last > 0 and now >= last then return 4 end
  return 0
end

local records = redis.call('HMGET', KEYS[1], unpack(ids))
local answer, seen = {now}, {}
for i, m in ipairs(moves) do
  local stands = records[i] and string.sub(records[i], 1, 8)
  if stands == string.sub(m.record, 1, 8) then
    m.answer, m.saved = 0, true
  elseif seen[m.id] or stands ~= m.expected then
    m.answer = 1
  else
    m.answer = claimable(m)
  end
  seen[m.id] = true
  answer[i + 1] = m.answer
end

local counts, earliest = {}, {}
for i = 0, legs do earliest[i] = -1 end
local function arm(place, when)
  if earliest[place] < 0 or when < earliest[place] then earliest[place] = when end
end
for _, m in ipairs(moves) do
  if m.answer == 0 and not m.saved then
    redis.call('HSET', KEYS[1], m.id, m.record)
    if m.to ~= 'K' then
      if m.from == 'C' and m.to ~= 'C' then
        redis.call('ZREM', KEYS[2], m.id)
      elseif m.from ~= '' and m.from ~= 'C' and m.from ~= m.to then
        redis.call('ZREM', KEYS[5 + tonumber(m.from)], m.id)
      end
      if m.to == 'C' then
        local when = now + tonumber(m.time)
        redis.call('ZADD', KEYS[2], when, m.id)
        arm(0, when)
      elseif m.to ~= '' then
        local leg = tonumber(m.to)
        local when = m.time == '' and now or tonumber(m.time)
        redis.call('ZADD', KEYS[5 + leg], when, m.id)
        arm(leg + 1, when)
      else
        counts.closed = math.max(counts.closed or 0, now)
      end
    end
    for i = m.counts, m.counts + 2 * m.n - 2, 2 do
      counts[ARGV[i]] = (counts[ARGV[i]] or 0) + tonumber(ARGV[i + 1])
    end
  end
end
if counts.closed then
  redis.call('HSET', KEYS[3], 'closed_at', counts.closed)
  counts.closed = nil
end
for field, add in pairs(counts) do
  if add ~= 0 then redis.call('HINCRBY', KEYS[3], field, add) end
end
for i = 0, legs do
  answer[#answer + 1] = earliest[i]
  if name ~= '' and earliest[i] >= 0 then
    local member = i == 0 and name or name .. ':' .. (i - 1)
    redis.call('ZADD', KEYS[5 + legs + i], 'LT', earliest[i], member)
  end
end
return answer
