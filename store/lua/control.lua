-- Tells a shard what the campaign may do. A shard takes only a higher generation.
-- KEYS  control, counts
-- ARGV  state, generation, sealed, then the counts of messages that are being sent
-- Gives how many messages a worker holds a claim on
local held = tonumber(redis.call('HGET', KEYS[1], 'generation') or 0)
if tonumber(ARGV[2]) > held then
  redis.call('HSET', KEYS[1], 'state', ARGV[1], 'generation', ARGV[2], 'sealed', ARGV[3])
end
local claimed = 0
for i = 4, #ARGV do claimed = claimed + tonumber(redis.call('HGET', KEYS[2], ARGV[i]) or 0) end
return claimed
