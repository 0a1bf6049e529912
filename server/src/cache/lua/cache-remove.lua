#!lua flags=allow-oom
-- Deletes a value if it is the one that was seen.
--
-- KEYS[1] key        string
-- ARGV[1] expected
-- answers            1 if deleted, 0 if the key has another value or none
local key, expected = KEYS[1], ARGV[1]

if redis.call('GET', key) ~= expected then return 0 end
return redis.call('DEL', key)
