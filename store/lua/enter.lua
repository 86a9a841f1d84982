-- Enters the attempt behind a provider's id, and gives the receipts that waited for it.
-- They stay until their time is over, for this answer may be lost and asked for again;
-- once the attempt is entered no more are parked.
-- KEYS attempt, parked; ARGV attempt, ms to keep
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return redis.call('LRANGE', KEYS[2], 0, -1)
