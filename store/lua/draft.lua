-- Changes a draft that is there, and renews it with its file. What was found in the file
-- is void after any other change.
-- KEYS  its hash, the parts of its file; ARGV ms for which they are kept, field, value,
--       the revision for which it holds; "": any
-- Gives {revision, value of before, or ""}; {-1}: there is no such draft; {-2}: another
--       revision
local v = redis.call('HMGET', KEYS[1], 'draft', 'revision', ARGV[2])
if not v[1] then return {-1} end
local revision = v[2] or '0'
if ARGV[4] ~= '' and ARGV[4] ~= revision then return {-2} end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
if ARGV[2] ~= 'check' then
  redis.call('HDEL', KEYS[1], 'check')
  revision = redis.call('HINCRBY', KEYS[1], 'revision', 1)
end
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ARGV[1]) end
return {tonumber(revision), v[3] or ''}
