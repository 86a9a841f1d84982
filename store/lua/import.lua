-- Puts new messages in line. A message that is there already is told by its row.
-- KEYS  messages, line of the first leg, counts, control, and, where the index lies on
--       the same server, the index of the first leg's lane
-- ARGV  name in the index ("" when it is elsewhere), count of a new message, then per
--       message: id, record, due in ms ("" is now), "" or why it may not be new
-- Gives {earliest due or -1, answer per message, …}: 0 accepted, 1 already there,
--       2 may not be new, 3 the campaign is sealed, 4 it is cancelled, 10 + the line of
--       another row
--
-- Those who are due in the same millisecond stand in the file's order, by a fraction of
-- it that 1024 share: a double has no room for more. That is also the quicker way: a
-- sorted set takes long to find the place of one among a million that differ in nothing
-- but their random ids.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local control = redis.call('HMGET', KEYS[4], 'sealed', 'state')
local sealed, cancelled = control[1] == '1', control[2] == 'cancelled'
local ids = {}
for at = 3, #ARGV, 4 do ids[#ids + 1] = ARGV[at] end
local records = redis.call('HMGET', KEYS[1], unpack(ids))

local function line(record)
  local a, b, c, d = string.byte(record, 10, 13)
  return ((a * 256 + b) * 256 + c) * 256 + d
end

local answer, fresh, hset, zadd, earliest = {-1}, {}, {}, {}, nil
for i, id in ipairs(ids) do
  local at = 3 + 4 * (i - 1)
  local record, due, unless = ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  local there = records[i] or fresh[id]
  local result = 0
  if there then
    if string.sub(there, 10, 17) ~= string.sub(record, 10, 17) then
      result = 10 + line(there)
    elseif fresh[id] or string.sub(there, 1, 8) ~= string.sub(record, 1, 8) then
      result = 1
    end
  elseif cancelled then
    result = 4
  elseif unless ~= '' then
    result = 2
  elseif sealed then
    result = 3
  else
    local when = due == '' and now or tonumber(due) + math.floor(line(record) / 1024) % 4096 / 4096
    fresh[id] = record
    hset[#hset + 1], hset[#hset + 2] = id, record
    zadd[#zadd + 1], zadd[#zadd + 2] = when, id
    if not earliest or when < earliest then earliest = when end
  end
  answer[i + 1] = result
end
if #hset > 0 then
  redis.call('HSET', KEYS[1], unpack(hset))
  redis.call('ZADD', KEYS[2], unpack(zadd))
  redis.call('HINCRBY', KEYS[3], ARGV[2], #hset / 2)
  answer[1] = earliest
  if ARGV[1] ~= '' then redis.call('ZADD', KEYS[5], 'LT', earliest, ARGV[1]) end
end
return answer
