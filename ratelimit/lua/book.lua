-- Books slots that suit all scopes together, of those that begin before the horizon.
-- KEYS  state and log of each scope, the lane first
-- ARGV  wanted, waiting, uncounted, lot, horizon, patience, then each scope's arguments
-- Gives now, how long until the next slot, the obstacle, the slots (after now), and
-- for each scope the block that they belong to (0: it does not start gently)
local RARELY = 6     -- lots between two calls of who takes little of a lane in full use
local NOTED = 200000 -- slots that are lost within this time of others are not noted again

local now = clock()
local want, waiting, uncounted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local lot, horizon, patience = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])

local scopes, from = {}, 7
for i = 1, #KEYS / 2 do
  scopes[i], from = read(KEYS[2 * i - 1], KEYS[2 * i], from, want, now)
end

-- Slots are lost if nobody has come for them by their time, though some did before. Of
-- a scope that was not in use until now nothing is known yet.
local free, of = earliest(scopes, {}, 0)
if of > 0 and free >= now - patience then
  local s = scopes[of]
  if now - s.lost > NOTED and (now - free > s.spacing * lot / 8 or s.lost == 0) then
    s.lost = now
    redis.call('HSET', s.state, 'lost', int(now))
    s.touched = true
  end
end

local granted = {}
local at, who, why = earliest(scopes, granted, now)
while #granted < want and at <= now + horizon do
  granted[#granted + 1] = at
  at, who, why = earliest(scopes, granted, now)
end
local blocked = obstacle(scopes, who, why)

-- Who must come again gets a turn, so that many workers do not all come for the same
-- slots. Who got all it wants while others wait for turns comes after them, as late as
-- if it had taken a whole lot, for a turn costs a call, however little it gives. It has
-- no turn of its own: slots that it did not come for would be lost. Only where no slot
-- has been lost for a while do those who took a good part of a lot have turns for as
-- much again, and come those who took little still more rarely, if others can use a lot.
local more = waiting - #granted
if why == 'limit' and at - now <= patience then
  local s, places = scopes[who], 1
  local others = s.turn > at and s.turn <= now + patience
  if others and now - s.lost > patience then
    if s.turn - at >= 0.9 * s.spacing * lot then places = RARELY end
    if more <= 0 and 2 * #granted >= lot then more = #granted end
  end
  if others then at = s.turn end
  if more > 0 then
    s.turn = at + s.spacing * math.min(more, lot)
    redis.call('HSET', s.state, 'turn', int(s.turn))
    s.touched = true
  elseif others then
    at = at + s.spacing * (places * lot - #granted)
  end
end

local slots, blocks = {}, {}
if #granted > 0 then
  local packed = {}
  for j, t in ipairs(granted) do slots[j], packed[j] = t - now, int(t) end
  for i, s in ipairs(scopes) do
    if s.keep > 0 then
      redis.call('RPUSH', s.log, unpack(packed))
      redis.call('LTRIM', s.log, -s.keep, -1)
      redis.call('PEXPIRE', s.log, int(math.ceil(s.span / 1000) + 1000))
    end
    local g = s.gentle
    blocks[i] = g and g.block or 0
    if g then
      redis.call('HSET', s.state, 'granted', g.granted + #granted, 'ok', g.ok, 'block', int(g.block), 'due', int(now + 25000000))
    end
  end
end

if #granted + uncounted > 0 then
  local s, second = scopes[1], math.floor(now / 1000000)
  local r = redis.call('HMGET', s.state, 'second', 'count', 'before')
  local count, before = #granted + uncounted, 0
  if tonumber(r[1] or 0) == second then
    count, before = count + tonumber(r[2]), tonumber(r[3])
  elseif tonumber(r[1] or 0) == second - 1 then
    before = tonumber(r[2])
  end
  redis.call('HSET', s.state, 'second', second, 'count', count, 'before', before)
  s.touched = true
end

for _, s in ipairs(scopes) do
  if s.touched and s.till <= now and not s.gentle then redis.call('PEXPIRE', s.state, IDLE) end
end
return {now, at - now, blocked, slots, blocks}
