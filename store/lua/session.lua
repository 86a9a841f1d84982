-- Keeps a session, unless it has ended. KEYS session; ARGV what it holds, ms
if redis.call('GET', KEYS[1]) == '' then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
