-- Sets the index to what really is the earliest of a line or clock. Only where both
-- lie on one server.
-- KEYS  line or clock, its index
-- ARGV  name in the index
local head = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
if #head == 0 then
  redis.call('ZREM', KEYS[2], ARGV[1])
else
  redis.call('ZADD', KEYS[2], head[2], ARGV[1])
end
return 0
