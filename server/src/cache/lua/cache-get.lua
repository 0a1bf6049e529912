#!lua flags=allow-oom
-- Reads values, and the incarnation of the server they are from, as of one moment.
-- It writes nothing, yet the first line lets it count as a write: a server that would refuse an eviction, such as a
-- replica, or a master cut off from the replicas it needs, cannot know what was evicted elsewhere, so it must not answer.
--
-- KEYS[1…] any       string
-- answers            { incarnation, { value or nil … } }

-- Changes with every restart and every promotion, which is when acknowledged evictions may be undone. The id of the
-- process would not do: it survives failover and failback.
local incarnation = string.match(redis.call('INFO', 'replication'), 'master_replid:(%w+)')
return { incarnation, #KEYS > 0 and redis.call('MGET', unpack(KEYS)) or {} }
