-- Has all of an outbox be due now. KEYS outbox; ARGV how much at once. Gives how much it was.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local list = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. now, '+inf', 'LIMIT', 0, ARGV[1])
for i, news in ipairs(list) do redis.call('ZADD', KEYS[1], 'XX', now, news) end
return #list
