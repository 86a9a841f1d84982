-- Notes a message among those that a person gets, unless they had as many as may be. One
-- that is noted already may go, whatever has come since.
-- KEYS  the person's messages; ARGV message, how many, in how many ms, ms to keep
-- Gives 1 if it may go
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 1 end
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[4])
if redis.call('ZCOUNT', KEYS[1], '(' .. (now - ARGV[3]), '+inf') >= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
