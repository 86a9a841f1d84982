-- Opens a window until a time; one that is open for longer stays so.
-- KEYS  window; ARGV ms
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], '1', 'PX', ARGV[1]) end
return 1
