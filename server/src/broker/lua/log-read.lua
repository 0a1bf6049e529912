-- Reads the log of a room as seen from a position. Begins with log-head.lua.
--
-- KEYS[1] head       hash
-- KEYS[2] log        zset
-- ARGV[1] fresh epoch
-- ARGV[2] retention of head and log, ms
-- ARGV[3] epoch of the position; empty: no position given
-- ARGV[4] offset of the position
-- answers            { position, incarnation, status, cause or '', query keys in canonical form … }
local head, log = KEYS[1], KEYS[2]
local fresh_epoch, retention_ms, since_epoch, since_offset = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])

local room = open_log(head, log, fresh_epoch)
keep(head, log, retention_ms)
local answer = { position_at(room.epoch, room.offset), room.incarnation }
if since_epoch == '' then
  answer[3], answer[4] = 'fresh', ''
elseif since_epoch ~= room.epoch or since_offset > room.offset then
  -- Beyond the head is an offset this sequence never issued, so the position stems from another one.
  answer[3], answer[4] = 'resync', 'epoch'
elseif since_offset < room.floor then
  answer[3], answer[4] = 'resync', 'floor'
else
  answer[3], answer[4] = 'recovered', ''
  for _, key in ipairs(redis.call('ZRANGE', log, '(' .. ARGV[4], '+inf', 'BYSCORE')) do
    answer[#answer + 1] = key
  end
end
return answer
