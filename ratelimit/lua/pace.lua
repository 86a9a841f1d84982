-- What the scripts share. Times are whole microseconds of Redis' clock.

local FOREVER = 3153600000000000 -- an open-ended pause: 100 years
local POLL = 100000              -- how long to wait before asking whether a block has ended
local IDLE = 60000               -- ms after which a state that holds nothing is forgotten

local function clock()
  local t = redis.call('TIME')
  return tonumber(t[1]) * 1000000 + tonumber(t[2])
end

local function int(x) return string.format('%.0f', x) end

-- begin makes a scope start gently: one slot at first.
local function begin(state, now)
  local block = tonumber(redis.call('HGET', state, 'block') or 0)
  redis.call('HSET', state, 'size', 1, 'granted', 0, 'ok', 0, 'block', int(math.max(now, block + 1)))
  redis.call('PERSIST', state)
end

-- gentle reads a gentle start. A block whose results stay away is begun again.
local function gentle(h, now)
  if not h[3] then return nil end
  local g = {size = tonumber(h[3]), granted = tonumber(h[4]), ok = tonumber(h[5]), block = tonumber(h[6])}
  if g.granted > g.ok and now >= tonumber(h[7]) then
    g.granted, g.ok, g.block = 0, 0, math.max(now, g.block + 1)
  end
  return g
end

-- read gives a scope: its holds, its gentle start, and the part of its log on which
-- the next `want` slots and one more depend. Its arguments begin at ARGV[from]: its
-- spacing, how many windows it has, then n and length of each: no more than n slots
-- lie within less than the length. The second value is where the next arguments begin.
local function read(state, log, from, want, now)
  local h = redis.call('HMGET', state, 'paused', 'until', 'size', 'granted', 'ok', 'block', 'due', 'turn', 'lost')
  local s = {state = state, log = log, windows = {}, booked = 0, keep = 0, span = 0,
    spacing = tonumber(ARGV[from]), turn = tonumber(h[8] or 0), lost = tonumber(h[9] or 0), gentle = gentle(h, now)}
  if h[1] then
    s.till, s.held = now + FOREVER, 'paused'
  else
    s.till, s.held = tonumber(h[2] or 0), 'held'
  end
  local count = tonumber(ARGV[from + 1])
  if count > 0 then s.booked = redis.call('LLEN', log) end
  for k = 1, count do
    local w = {n = tonumber(ARGV[from + 2 * k]), length = tonumber(ARGV[from + 2 * k + 1]), back = {}}
    local final = s.booked - w.n + want
    w.first = math.max(0, s.booked - w.n)
    if final >= w.first then w.back = redis.call('LRANGE', log, w.first, final) end
    s.windows[k] = w
    s.keep, s.span = math.max(s.keep, w.n), math.max(s.span, w.length)
  end
  return s, from + 2 + 2 * count
end

-- earliest gives the first time that suits all scopes for the slot after those that
-- are granted, with the scope that it waits for (0: none) and the cause. In each
-- window counts the slot n places back, which is in the log or among the granted.
local function earliest(scopes, granted, now)
  local j, at, who, why = #granted, now, 0, ''
  for i, s in ipairs(scopes) do
    if s.till > at then at, who, why = s.till, i, s.held end
    local g = s.gentle
    if g and g.size - g.granted <= j and now + POLL > at then at, who, why = now + POLL, i, 'gentle' end
    for _, w in ipairs(s.windows) do
      local x, back = s.booked + j - w.n, nil
      if x >= s.booked then
        back = granted[x - s.booked + 1]
      elseif x >= 0 then
        back = tonumber(w.back[x - w.first + 1])
      end
      if back and back + w.length > at then at, who, why = back + w.length, i, 'limit' end
    end
  end
  return at, who, why
end

-- obstacle says for people what stands in the way, since when, and by whom.
local function obstacle(scopes, who, why)
  local f = {}
  if why == 'paused' then f = redis.call('HMGET', scopes[who].state, 'pause', 'paused', 'by') end
  if why == 'held' then f = redis.call('HMGET', scopes[who].state, 'reason', 'since') end
  return {who, why, f[1] or '', tonumber(f[2] or 0), f[3] or ''}
end

