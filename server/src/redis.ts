export { createRedisBroker, type RedisBroker, type RedisBrokerOptions } from './broker/redis-broker.js';
export {
  type RedisStoreClient,
  type RedisStoreOptions,
  RedisStoreReplyError,
  RedisStoreTimeoutError,
  redisStore,
} from './cache/redis-store.js';
export { type RedisAdapterOptions, redisAdapter } from './gateway/redis-adapter.js';
export { type RedisDoorOptions, redisDoor } from './publisher/redis-door.js';
export { checkRedis, type RedisCheck, type RedisFinding } from './redis/check-redis.js';
export { claimRedis } from './redis/claim-redis.js';
export { type RedisClientOptions, redisCommands, redisSubscriber } from './redis/connect.js';
export { RedisAddressError, type RedisTarget } from './redis/redis-target.js';
