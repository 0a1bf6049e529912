-- Opens the log of one room; put in front of every script of the log.
-- After this returns, epoch and offset name a sequence in which nothing acknowledged can be missing from `floor` on.
--
-- head (key)         hash: epoch, offset, floor (oldest offset from which recovery is exact), incarnation
-- log (key)          zset: canonical query key -> offset of its newest invalidation
-- fresh_epoch        random; used when the sequence has to begin anew
-- retention_ms       how long an untouched room is kept
-- answers            { epoch, offset, floor, incarnation }
local function open_log(head, log, fresh_epoch)
  -- Changes with every restart and every promotion, which is when acknowledged writes may be gone. The id of the
  -- process would not do: it survives failover and failback, after which offsets are issued twice.
  local incarnation = string.match(redis.call('INFO', 'replication'), 'master_replid:(%w+)')
  local stored = redis.call('HMGET', head, 'epoch', 'offset', 'floor', 'incarnation')
  local epoch, offset, floor = stored[1], tonumber(stored[2]), tonumber(stored[3])
  if not epoch or not offset or not floor or stored[4] ~= incarnation then
    -- A log without its head, or of another life of the server: what it lacks is unknown.
    redis.call('HSET', head, 'epoch', fresh_epoch, 'offset', '0', 'floor', '0', 'incarnation', incarnation)
    redis.call('DEL', log)
    return { epoch = fresh_epoch, offset = 0, floor = 0, incarnation = incarnation }
  end
  if offset > 0 and redis.call('EXISTS', log) == 0 then
    -- Evicted or deleted by hand: nothing before this offset can be recovered any more.
    floor = offset
    redis.call('HSET', head, 'floor', stored[2])
  end
  return { epoch = epoch, offset = offset, floor = floor, incarnation = incarnation }
end

local function keep(head, log, retention_ms)
  redis.call('PEXPIRE', head, retention_ms)
  redis.call('PEXPIRE', log, retention_ms)
end

local function position_at(epoch, offset)
  -- Lua would write large numbers with an exponent.
  return epoch .. ':' .. string.format('%.0f', offset)
end
