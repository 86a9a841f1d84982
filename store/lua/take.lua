-- Takes news that is due out of an outbox for a time, after which it is due again.
-- KEYS  outbox, the hash of what it is about
-- ARGV  how much, ms for which others leave it alone
-- Gives {news, what it is about (nil: nothing any more), …}
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[1])
if #due == 0 then return due end
local ids, kept, out = {}, {}, {}
for i, news in ipairs(due) do
  ids[i] = string.sub(news, 1, 16)
  kept[2 * i - 1], kept[2 * i] = now + ARGV[2], news
end
redis.call('ZADD', KEYS[1], 'XX', unpack(kept))
local about = redis.call('HMGET', KEYS[2], unpack(ids))
for i, news in ipairs(due) do out[2 * i - 1], out[2 * i] = news, about[i] end
return out
