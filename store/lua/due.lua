-- Reads what is due in a line or on the clock, with its records. What stands there
-- without a right to is taken off: it was closed, or has gone to the other place.
-- KEYS  line or clock, messages
-- ARGV  how many, the phases that may stand here as characters
-- Gives {now, id, record, …}
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local out = {now}
local ids = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[1])
if #ids == 0 then return out end
local records = redis.call('HMGET', KEYS[2], unpack(ids))
for i, id in ipairs(ids) do
  local record = records[i]
  if record and string.find(ARGV[2], string.sub(record, 9, 9), 1, true) then
    out[#out + 1] = id
    out[#out + 1] = record
  else
    redis.call('ZREM', KEYS[1], id)
  end
end
return out
