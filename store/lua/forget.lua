-- Forgets closed messages that nobody has moved since they were read.
-- KEYS  messages, counts
-- ARGV  per message: id, stamp, how many counts, then count, what it adds, …
-- Gives how many were forgotten
local forgotten, counts, at = {}, {}, 1
while at <= #ARGV do
  local record, n = redis.call('HGET', KEYS[1], ARGV[at]), tonumber(ARGV[at + 2])
  if record and string.sub(record, 1, 8) == ARGV[at + 1] then
    forgotten[#forgotten + 1] = ARGV[at]
    for i = at + 3, at + 1 + 2 * n, 2 do counts[ARGV[i]] = (counts[ARGV[i]] or 0) + tonumber(ARGV[i + 1]) end
  end
  at = at + 3 + 2 * n
end
if #forgotten > 0 then redis.call('HDEL', KEYS[1], unpack(forgotten)) end
for field, add in pairs(counts) do redis.call('HINCRBY', KEYS[2], field, -add) end
return #forgotten
