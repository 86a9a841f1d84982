-- Changes a campaign's state in the register, if it may leave the one it is in.
-- KEYS  state of the campaign, imports into it that go on
-- ARGV  to, seal ("1" or ""), now in ms, by, reason, then the states that may be left
-- Gives {1, generation, sealed}, or {0, the state it is in}: "importing" when an
-- import runs which the change must wait for
local state = redis.call('HGET', KEYS[1], 'state') or ''
local allowed = false
for i = 6, #ARGV do if ARGV[i] == state then allowed = true end end
if not allowed then return {0, state} end
local seal = ARGV[2] == '1'
if seal and redis.call('HGET', KEYS[1], 'sealed') ~= '1' then
  local t = redis.call('TIME')
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', t[1] * 1000)
  if redis.call('ZCARD', KEYS[2]) > 0 then
    if redis.call('HGET', KEYS[1], 'start_while_importing') ~= '1' then return {0, 'importing'} end
    seal = false
  end
end
local generation = redis.call('HINCRBY', KEYS[1], 'generation', 1)
redis.call('HSET', KEYS[1], 'state', ARGV[1], 'since', ARGV[3], 'by', ARGV[4], 'reason', ARGV[5])
if seal then redis.call('HSET', KEYS[1], 'sealed', '1') end
if ARGV[1] == 'running' then redis.call('HSETNX', KEYS[1], 'started_at', ARGV[3]) end
return {1, generation, redis.call('HGET', KEYS[1], 'sealed') or '0'}
