export { type RedisAdapterOptions, redisAdapter } from './gateway/redis-adapter.js';
export { type RedisDoorOptions, redisDoor } from './publisher/redis-door.js';
