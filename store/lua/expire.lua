-- Forgets all messages of a shard, if none of them is open. The control stays for a while,
-- so that an import that is still on its way is refused by it.
-- KEYS  control, counts, then what else the shard has
-- ARGV  ms for which the control stays, then the counts of open messages
-- Gives 1 if the shard is empty now
for i = 2, #ARGV do
  if tonumber(redis.call('HGET', KEYS[2], ARGV[i]) or 0) ~= 0 then return 0 end
end
redis.call('UNLINK', unpack(KEYS, 2))
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
