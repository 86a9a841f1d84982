-- Pauses a scope until it is released. A second pause renews the reason only.
-- KEYS  state
-- ARGV  reason, by whom
-- Gives now
local now = clock()
redis.call('HSETNX', KEYS[1], 'paused', int(now))
redis.call('HSET', KEYS[1], 'pause', ARGV[1], 'by', ARGV[2])
begin(KEYS[1], now)
return {now}
