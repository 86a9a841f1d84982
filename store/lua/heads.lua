-- Reads what is due by now in several indexes.
-- KEYS  indexes; ARGV how many of each
-- Gives for each index {name, due in ms, …}
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local out = {}
for i, key in ipairs(KEYS) do
  out[i] = redis.call('ZRANGEBYSCORE', key, '-inf', now, 'WITHSCORES', 'LIMIT', 0, ARGV[1])
end
return out
