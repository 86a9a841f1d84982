-- Reads what is due by now in several indexes, and when the next thing will be.
-- KEYS  indexes; ARGV how many of each
-- Gives {ms until the next is due (-1: nothing stands there), for each index
-- {name, due in ms, …}}
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local out, soon = {-1}, nil
for i, key in ipairs(KEYS) do
  local head = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
  if #head == 0 then
    out[i + 1] = head
  elseif tonumber(head[2]) > now then
    out[i + 1] = {}
    soon = math.min(soon or tonumber(head[2]), tonumber(head[2]))
  else
    out[i + 1] = redis.call('ZRANGEBYSCORE', key, '-inf', now, 'WITHSCORES', 'LIMIT', 0, ARGV[1])
  end
end
if soon then out[1] = math.ceil(soon - now) end
return out
