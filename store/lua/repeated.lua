-- Keeps what a call was answered, or forgets the call. Only for who holds it.
-- KEYS  the call's key; ARGV  who, answer ("" forgets the call), ms to keep it
if redis.call('HGET', KEYS[1], 'holder') ~= ARGV[1] then return 0 end
if ARGV[2] == '' then
  redis.call('DEL', KEYS[1])
else
  redis.call('HSET', KEYS[1], 'answer', ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
return 1
