-- Enters the attempt behind a provider's id, and gives the receipts that waited for it.
-- KEYS attempt, parked; ARGV attempt, ms to keep
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
local parked = redis.call('LRANGE', KEYS[2], 0, -1)
redis.call('DEL', KEYS[2])
return parked
