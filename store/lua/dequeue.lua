-- Dequeues several tasks as asynq v0.26.0 dequeues one (internal/rdb, dequeueCmd).
-- KEYS  pending, paused, active, lease; ARGV end of the lease, prefix of tasks' keys, how many
-- Gives {id, task, …}
if redis.call('EXISTS', KEYS[2]) == 1 then return {} end
local out, leases = {}, {}
for _ = 1, tonumber(ARGV[3]) do
  local id = redis.call('RPOPLPUSH', KEYS[1], KEYS[3])
  if not id then break end
  local key = ARGV[2] .. id
  redis.call('HSET', key, 'state', 'active')
  redis.call('HDEL', key, 'pending_since')
  leases[#leases + 1] = ARGV[1]
  leases[#leases + 1] = id
  out[#out + 1] = id
  out[#out + 1] = redis.call('HGET', key, 'msg')
end
if #leases > 0 then redis.call('ZADD', KEYS[4], unpack(leases)) end
return out
