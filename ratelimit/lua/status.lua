-- Looks, and changes nothing.
-- KEYS  state and log of each scope of each query, the lane first
-- ARGV  for each query: how many scopes, then each scope's arguments
-- Gives now, then for each query: how long until a slot could be had, the obstacle,
-- the slots booked in the last whole second, the size of the gentle start's block
local now = clock()
local answer, from, key = {now}, 1, 1
while from <= #ARGV do
  local scopes, size = {}, 0
  local count = tonumber(ARGV[from])
  from = from + 1
  for i = 1, count do
    scopes[i], from = read(KEYS[key], KEYS[key + 1], from, 0, now)
    if scopes[i].gentle then size = math.max(size, scopes[i].gentle.size) end
    key = key + 2
  end
  local at, who, why = earliest(scopes, {}, now)
  local r, booked = redis.call('HMGET', scopes[1].state, 'second', 'count', 'before'), 0
  local age = math.floor(now / 1000000) - tonumber(r[1] or 0)
  if age == 0 then booked = tonumber(r[3]) elseif age == 1 then booked = tonumber(r[2]) end
  answer[#answer + 1] = {at - now, obstacle(scopes, who, why), booked, size}
end
return answer
