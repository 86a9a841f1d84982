-- Says who acts on a call that may be repeated.
-- KEYS  the call's key; ARGV  hash of its body, who asks, ms for which it holds the call
-- Gives {1}: act; {0}: another is at it; {2}: the key stands for another body;
--       {3, answer}: what was answered
local v = redis.call('HMGET', KEYS[1], 'body', 'holder', 'answer')
if v[1] and v[1] ~= ARGV[1] then return {2} end
if v[3] then return {3, v[3]} end
if v[1] and v[2] ~= ARGV[2] then return {0} end
redis.call('HSET', KEYS[1], 'body', ARGV[1], 'holder', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return {1}
