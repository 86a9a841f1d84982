-- Looks at one shard's books, all at the same instant, and changes nothing.
-- KEYS  messages, counts, clock, then each leg's line
-- Gives {messages, alarms, in lines, {count, number, …}}
local lines = 0
for i = 4, #KEYS do lines = lines + redis.call('ZCARD', KEYS[i]) end
return {redis.call('HLEN', KEYS[1]), redis.call('ZCARD', KEYS[3]), lines, redis.call('HGETALL', KEYS[2])}
