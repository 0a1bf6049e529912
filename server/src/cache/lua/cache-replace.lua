#!lua
-- Writes a value over the one that was seen.
--
-- KEYS[1] key        string
-- ARGV[1] expected
-- ARGV[2] value
-- ARGV[3] time to live, ms
-- answers            1 if written, 0 if the key has another value or none
local key, expected, value, ttl_ms = KEYS[1], ARGV[1], ARGV[2], ARGV[3]

if redis.call('GET', key) ~= expected then return 0 end
redis.call('SET', key, value, 'PX', ttl_ms)
return 1
