-- Finds the attempt behind a provider's id, or keeps the receipt until it is known.
-- KEYS attempt, parked; ARGV receipt, ms to keep, how many at most
local attempt = redis.call('GET', KEYS[1])
if attempt then return attempt end
if redis.call('LLEN', KEYS[2]) < tonumber(ARGV[3]) then redis.call('RPUSH', KEYS[2], ARGV[1]) end
redis.call('PEXPIRE', KEYS[2], ARGV[2])
return false
