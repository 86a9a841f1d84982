-- Moves records of one shard. Checks everything, then writes. Many moves travel in one
-- call and few kinds of them, so what each kind adds to the counts is sent once, and
-- what goes to one key is written at once.
-- KEYS  messages, clock, counts, control, then a line for each leg, then, where the
--       index lies on the same server, the index of the clock and of each leg's lane;
--       then, where somebody outside is told, the outbox and (as above) its index
-- ARGV  legs, name of the shard in the index ("" when the index is elsewhere), number of
--       kinds, then per kind: counts, count, add, …; then per move:
--       id, stamp expected, record, from, to, time, claim, kind, and with an outbox: news
--       from, to: "" nowhere, "C" clock, a number: that line, "K" (to only) stays
--       time: of a line in ms ("" is now), of the clock in ms from now
--       claim: "" is none, else the last ms at which it may be had (0 is any)
--       news: "" is none
-- Gives {now, answer per move, …}: 0 saved, 1 stale, 2 not running, 3 cancelled,
--       4 too late; then the earliest time armed on the clock and in each line (-1: none)
local legs, name = tonumber(ARGV[1]), ARGV[2]
local keys = name == '' and 4 + legs or 5 + 2 * legs
local outbox, width = KEYS[keys + 1], 8
if outbox then width = 9 end
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)

local kinds, first = {}, 4
for k = 1, tonumber(ARGV[3]) do
  local n = tonumber(ARGV[first])
  kinds[k] = {from = first + 1, to = first + 2 * n - 1, times = 0}
  first = first + 1 + 2 * n
end
local ids = {}
for at = first, #ARGV, width do ids[#ids + 1] = ARGV[at] end

local state
local function claimable(claim)
  state = state or redis.call('HGET', KEYS[4], 'state') or ''
  if state == 'cancelled' then return 3 end
  if state ~= 'running' then return 2 end
  local last = tonumber(claim)
  if last > 0 and now >= last then return 4 end
  return 0
end

local records = redis.call('HMGET', KEYS[1], unpack(ids))
local answer, saved, seen = {now}, {}, {}
for i, id in ipairs(ids) do
  local at = first + width * (i - 1)
  local stands = records[i] and string.sub(records[i], 1, 8)
  local result = 0
  if stands ~= string.sub(ARGV[at + 2], 1, 8) then -- else it was saved before
    if seen[id] or stands ~= ARGV[at + 1] then
      result = 1
    elseif ARGV[at + 6] ~= '' then
      result = claimable(ARGV[at + 6])
    end
    if result == 0 then saved[#saved + 1] = at end
  end
  seen[id] = true
  answer[i + 1] = result
end

-- Places are numbered: 0 the clock, then the lines.
local hset, leave, enter, earliest, closed, news = {}, {}, {}, {}, false, {}
for i = 0, legs do leave[i], enter[i], earliest[i] = {}, {}, -1 end
for _, at in ipairs(saved) do
  local id, from, to, time = ARGV[at], ARGV[at + 3], ARGV[at + 4], ARGV[at + 5]
  hset[#hset + 1] = id
  hset[#hset + 1] = ARGV[at + 2]
  if to ~= 'K' then
    if from ~= '' and from ~= to then
      local l = leave[from == 'C' and 0 or from + 1]
      l[#l + 1] = id
    end
    if to == '' then
      closed = true
    else
      local place, when = 0, nil
      if to == 'C' then
        when = now + time
      else
        place, when = to + 1, time == '' and now or tonumber(time)
      end
      local e = enter[place]
      e[#e + 1] = when
      e[#e + 1] = id
      if earliest[place] < 0 or when < earliest[place] then earliest[place] = when end
    end
  end
  local kind = kinds[tonumber(ARGV[at + 7])]
  if kind then kind.times = kind.times + 1 end
  if outbox and ARGV[at + 8] ~= '' then
    news[#news + 1] = now
    news[#news + 1] = ARGV[at + 8]
  end
end

if #hset > 0 then redis.call('HSET', KEYS[1], unpack(hset)) end
for i = 0, legs do
  local key = i == 0 and KEYS[2] or KEYS[4 + i]
  if #leave[i] > 0 then redis.call('ZREM', key, unpack(leave[i])) end
  if #enter[i] > 0 then redis.call('ZADD', key, unpack(enter[i])) end
  answer[#answer + 1] = earliest[i]
  if name ~= '' and earliest[i] >= 0 then
    redis.call('ZADD', KEYS[5 + legs + i], 'LT', earliest[i], i == 0 and name or name .. ':' .. (i - 1))
  end
end
local counts = {}
for _, kind in ipairs(kinds) do
  if kind.times > 0 then
    for at = kind.from, kind.to, 2 do counts[ARGV[at]] = (counts[ARGV[at]] or 0) + ARGV[at + 1] * kind.times end
  end
end
for field, add in pairs(counts) do
  if add ~= 0 then redis.call('HINCRBY', KEYS[3], field, add) end
end
if closed then redis.call('HSET', KEYS[3], 'closed_at', now) end
if #news > 0 then
  redis.call('ZADD', outbox, unpack(news))
  if name ~= '' then redis.call('ZADD', KEYS[keys + 2], 'LT', now, name) end
end
return answer
