-- Returns tasks that were dequeued and not begun to the front of their queue, as
-- asynq's own requeue does for one.
-- KEYS  active, lease, pending, then each task's; ARGV their ids, the last one is the
--       first to go again
for i, id in ipairs(ARGV) do
  if redis.call('LREM', KEYS[1], 0, id) > 0 then
    redis.call('ZREM', KEYS[2], id)
    redis.call('HSET', KEYS[3 + i], 'state', 'pending')
    redis.call('RPUSH', KEYS[3], id)
  end
end
return 0
