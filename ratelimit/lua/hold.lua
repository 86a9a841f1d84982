-- Holds a scope. A later hold extends an earlier one and never shortens it.
-- KEYS  state
-- ARGV  reason, "for" or "backoff", then one time for "for", or one for each step
-- "backoff" takes the next step; while the scope is held it does nothing, for then
-- the request had started before the hold.
-- Gives now, for how long the scope is held, and how much longer by this call
local now = clock()
local till = tonumber(redis.call('HGET', KEYS[1], 'until') or 0)
local span = tonumber(ARGV[3])
if ARGV[2] == 'backoff' then
  if till > now then return {now, till - now, 0} end
  local step = math.min(tonumber(redis.call('HGET', KEYS[1], 'step') or 0), #ARGV - 3)
  span = tonumber(ARGV[3 + step])
  redis.call('HSET', KEYS[1], 'step', step + 1)
end
local longer = now + span - math.max(till, now)
if longer > 0 then
  if till <= now then redis.call('HSET', KEYS[1], 'since', int(now)) end
  till = now + span
  redis.call('HSET', KEYS[1], 'until', int(till), 'reason', ARGV[1])
end
begin(KEYS[1], now)
return {now, till - now, math.max(longer, 0)}
