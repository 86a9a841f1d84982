-- Settles the names of the variables. Records keep values only, in the order of the
-- names, so names are added at the end and never taken away.
-- KEYS  state of the campaign
-- ARGV  how many there may be, then names
-- Gives all names, or nothing if they would be too many
local held = redis.call('HGET', KEYS[1], 'names')
local names = held and cjson.decode(held) or {}
local known, before = {}, #names
for _, name in ipairs(names) do known[name] = true end
for i = 2, #ARGV do
  if not known[ARGV[i]] then
    known[ARGV[i]] = true
    names[#names + 1] = ARGV[i]
  end
end
if #names > tonumber(ARGV[1]) then return false end
if #names > before then redis.call('HSET', KEYS[1], 'names', cjson.encode(names)) end
return names
