-- Says that an import goes on. KEYS importing; ARGV id of the import, ms
local t = redis.call('TIME')
redis.call('ZADD', KEYS[1], t[1] * 1000 + ARGV[2], ARGV[1])
return 1
