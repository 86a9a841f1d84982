-- Says what became of news. What is over leaves the outbox and is counted, once.
-- KEYS  outbox, counts of what became of it, then, where it is kept for the news alone, the
--       hash of what it is about
-- ARGV  per news: news, "" or as what it counts, ms at which it is due again
local counts, again = {}, {}
for at = 1, #ARGV, 3 do
  local news, fate = ARGV[at], ARGV[at + 1]
  if fate == '' then
    again[#again + 1], again[#again + 2] = ARGV[at + 2], news
  elseif redis.call('ZREM', KEYS[1], news) == 1 then
    counts[fate] = (counts[fate] or 0) + 1
    if KEYS[3] then redis.call('HDEL', KEYS[3], string.sub(news, 1, 16)) end
  end
end
if #again > 0 then redis.call('ZADD', KEYS[1], 'XX', unpack(again)) end
for fate, n in pairs(counts) do redis.call('HINCRBY', KEYS[2], fate, n) end
return 0
