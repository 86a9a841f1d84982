-- Says what became of slots of a gentle start. The last one of a block that went well
-- doubles the next block, or ends the gentle start when blocks outgrow a lease.
-- KEYS  state, the mark of this report (a report that is repeated counts once)
-- ARGV  block, how many went well, how many were not used, the largest block
-- Gives now
local now = clock()
if not redis.call('SET', KEYS[2], '1', 'NX', 'EX', '60') then return {now} end
local h = redis.call('HMGET', KEYS[1], 'size', 'granted', 'ok', 'block')
if not h[1] or h[4] ~= ARGV[1] then return {now} end

local size, granted, ok = tonumber(h[1]), tonumber(h[2]) - tonumber(ARGV[3]), tonumber(h[3]) + tonumber(ARGV[2])
if ok > 0 then redis.call('HDEL', KEYS[1], 'step') end
if ok < size then
  redis.call('HSET', KEYS[1], 'granted', granted, 'ok', ok)
elseif 2 * size > tonumber(ARGV[4]) then
  redis.call('HDEL', KEYS[1], 'size', 'granted', 'ok', 'block', 'due')
else
  redis.call('HSET', KEYS[1], 'size', 2 * size, 'granted', 0, 'ok', 0, 'block', int(math.max(now, tonumber(h[4]) + 1)))
end
return {now}
