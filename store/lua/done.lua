-- Ends several tasks as asynq v0.26.0 ends one (internal/rdb, doneCmd).
-- KEYS  active, lease, processed today, processed ever, then each task's
-- ARGV  when today's count expires, what the count ever may not pass, then each task's id
-- The oldest task stands at the tail, so it is looked for from there, and no further.
-- Gives 1 for each task that was there, else 0
local out, n = {}, 0
for i = 3, #ARGV do
  local there = redis.call('LREM', KEYS[1], -1, ARGV[i]) > 0 and redis.call('ZREM', KEYS[2], ARGV[i]) > 0 and redis.call('DEL', KEYS[2 + i]) > 0
  out[#out + 1] = there and 1 or 0
  if there then n = n + 1 end
end
if n > 0 then
  if redis.call('INCRBY', KEYS[3], n) == n then redis.call('EXPIREAT', KEYS[3], ARGV[1]) end
  if tonumber(redis.call('GET', KEYS[4]) or 0) >= tonumber(ARGV[2]) then
    redis.call('SET', KEYS[4], n)
  else
    redis.call('INCRBY', KEYS[4], n)
  end
end
return out
