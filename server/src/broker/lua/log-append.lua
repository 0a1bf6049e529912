-- Appends one invalidation to the log of a room and publishes its envelope. Begins with log-head.lua.
--
-- KEYS[1] head       hash
-- KEYS[2] log        zset
-- KEYS[3] channel    sharded channel of the room, named so that it counts for the slot and the access rules
-- KEYS[4] id         string, only when the invalidation has an id: set while a repetition must change nothing
-- ARGV[1] fresh epoch
-- ARGV[2] retention of head and log, ms
-- ARGV[3] retention of the id, ms
-- ARGV[4] most entries of the log
-- ARGV[5] envelope up to the positions, as JSON text: {"room":"parent:42"
-- ARGV[6] envelope after the time, as JSON text: ,"id":"…","reason":"…"}
-- ARGV[7…] query keys in canonical form. All JSON comes encoded: cjson would turn [] into {} and round large numbers.
-- answers            { position, incarnation }
local head, log, channel, id = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local fresh_epoch, retention_ms, id_retention_ms, max_entries = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local envelope_start, envelope_end = ARGV[5], ARGV[6]

local room = open_log(head, log, fresh_epoch)
local prev = position_at(room.epoch, room.offset)
if id and redis.call('EXISTS', id) == 1 then
  keep(head, log, retention_ms)
  return { prev, room.incarnation }
end

local offset = string.format('%.0f', room.offset + 1)
local entries = {}
for index = 7, #ARGV do
  entries[#entries + 1] = offset
  entries[#entries + 1] = ARGV[index]
end
-- Entries before offset: should the second write be refused, the log holds a key too much, never one too few.
redis.call('ZADD', log, unpack(entries))
redis.call('HSET', head, 'offset', offset)
local excess = redis.call('ZCARD', log) - max_entries
if excess > 0 then
  local dropped = redis.call('ZPOPMIN', log, excess)
  redis.call('HSET', head, 'floor', dropped[#dropped])
end
keep(head, log, retention_ms)
-- Last: should anything above be refused, a repetition appends once more, not never.
if id then redis.call('SET', id, '1', 'PX', id_retention_ms) end

local position = room.epoch .. ':' .. offset
local now = redis.call('TIME')
local at = string.format('%.0f', now[1] * 1000 + math.floor(now[2] / 1000))
local keys = table.concat(ARGV, ',', 7)
redis.call('SPUBLISH', channel, envelope_start .. ',"prev":"' .. prev .. '","position":"' .. position
  .. '","keys":[' .. keys .. '],"at":' .. at .. envelope_end)
return { position, room.incarnation }
