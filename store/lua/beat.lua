-- Notes that a process lives.
-- KEYS  who was seen when, the process'; ARGV its name, what it says of itself, for how
-- long that is kept, ms
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[3])
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
return now
