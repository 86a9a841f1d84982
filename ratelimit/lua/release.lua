-- Ends a pause. Timed holds stay, and the gentle start remains to be done.
-- KEYS  state
-- Gives now
redis.call('HDEL', KEYS[1], 'paused', 'pause', 'by')
return {clock()}
