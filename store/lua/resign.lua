-- Gives a lease back. KEYS lease; ARGV holder. Gives 1 when the holder had it.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
