-- Keeps what a person wrote until it was passed on. No more is kept than there is room for:
-- then the oldest is given up. All but the counts expires when nothing more came for longer
-- than any of it is told, so that it ends also where nobody tells it any more.
-- KEYS  outbox, hash of what people wrote, counts of what became of it
-- ARGV  news, what the person wrote, how much is kept at most,
--       ms after which what waits expires
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local id = string.sub(ARGV[1], 1, 16)
if redis.call('HEXISTS', KEYS[2], id) == 1 then return now end
if redis.call('HLEN', KEYS[2]) >= tonumber(ARGV[3]) then
  local oldest = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
  redis.call('ZREM', KEYS[1], oldest)
  redis.call('HDEL', KEYS[2], string.sub(oldest, 1, 16))
  redis.call('HINCRBY', KEYS[3], 'given_up', 1)
end
redis.call('HSET', KEYS[2], id, ARGV[2])
redis.call('ZADD', KEYS[1], now, ARGV[1])
for i = 1, 2 do redis.call('PEXPIRE', KEYS[i], ARGV[4]) end
return now
